// npm run new-service -- <name>
import { join } from 'node:path';
import { pinnedNode, prepare, repository, run } from './lib/prepare.mjs';

await prepare();
const made = await run(pinnedNode(), [
  join(repository, 'tools/dist/new-service.js'),
  ...process.argv.slice(2),
]);
process.exitCode = made;
// npm's own record of what is installed, and the stamps of what is built
if (made === 0) await prepare();
