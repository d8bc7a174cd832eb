// npm start: from a bare machine to the running platform. Needs nothing but the machine's own Node.
import { join } from 'node:path';
import { handOver } from './lib/hosted.mjs';
import { prepare, repository } from './lib/prepare.mjs';

const DEFAULT_PORT = 8080;

await prepare({ port: DEFAULT_PORT });
handOver(join(repository, 'tools/dist/start.js'), process.argv.slice(2));
