// npm run engines: keeps PostgreSQL and Kafka running, so that test runs start at once. Ctrl-C ends them.
import { join } from 'node:path';
import { handOver, onEnd } from './lib/hosted.mjs';
import { installWhenNeeded, pinnedNode, repository, stopUnlessReady, step } from './lib/prepare.mjs';

if (process.argv[2] === '--inside') {
  const { startEngines } = await import('../../libs/testing/dist/index.js');
  const engines = await startEngines();
  onEnd(() => void engines.stop().finally(() => process.exit()));
  console.log('PostgreSQL and Kafka run until Ctrl-C. In another terminal:\n');
  console.log(`export STEWARD_TEST_ADMIN_URL=${engines.adminUrl}`);
  console.log(`export STEWARD_TEST_BROKERS=${engines.brokers}`);
} else {
  await stopUnlessReady();
  await installWhenNeeded();
  const tsc = join(repository, 'node_modules/typescript/bin/tsc');
  await step('building the engines', [pinnedNode(), [tsc, '-b', 'libs/testing']]);
  handOver(join(repository, 'tools/bin/engines.mjs'), ['--inside']);
}
