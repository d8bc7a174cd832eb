// The boundary rule silently skips everything when Nx has no graph of the projects yet.
import { createRequire } from 'node:module';
import { repository } from './prepare.mjs';

export async function makeProjectGraph() {
  process.chdir(repository);
  process.env.NX_DAEMON = 'false';
  const { createProjectGraphAsync } = createRequire(`${repository}/package.json`)('@nx/devkit');
  await createProjectGraphAsync({ exitOnError: true, resetDaemonClient: true });
}
