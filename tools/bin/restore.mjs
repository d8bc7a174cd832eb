// npm run restore: also on a bare machine that has nothing but the repository and a backup.
import { join } from 'node:path';
import { handOver } from './lib/hosted.mjs';
import { prepare, repository } from './lib/prepare.mjs';

await prepare();
handOver(join(repository, 'tools/dist/restore.js'), process.argv.slice(2));
