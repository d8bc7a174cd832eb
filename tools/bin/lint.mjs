// npm run lint [-- <paths>]
import { join } from 'node:path';
import { pinnedNode, repository, run } from './lib/prepare.mjs';

if (process.argv[2] === '--graph') {
  const { makeProjectGraph } = await import('./lib/project-graph.mjs');
  await makeProjectGraph();
} else {
  const paths = process.argv.slice(2);
  const eslint = join(repository, 'node_modules/eslint/bin/eslint.js');
  const cache = ['--cache', '--cache-location', 'node_modules/.cache/eslint/'];
  const graph = await run(pinnedNode(), [join(repository, 'tools/bin/lint.mjs'), '--graph']);
  process.exitCode =
    graph || (await run(pinnedNode(), [eslint, ...cache, ...(paths.length > 0 ? paths : ['.'])]));
}
