import { importArguments, ImportError } from './import/arguments.js';
import { importFile } from './import/import-file.js';
import { ProgressLine } from './import/progress-line.js';
import { summaryOf } from './import/summary.js';
import { prepareBoston311 } from './oracle/boston311/boston311.js';
import { isCommittedMapping } from './oracle/boston311/mapping.js';
import type { GatewayAccess } from './oracle/gateway-client.js';
import { fetchToken } from './token/fetch-token.js';
import { runningPlatform, stateFolder } from './token/running-platform.js';
import { SignInError } from './token/sign-in-error.js';

/** Imports a file as the command line says. Gives the exit code: 0 when the job came to its end, 1 otherwise. */
async function main(args: readonly string[]): Promise<number> {
  const { json, user, gateway, ...wish } = importArguments(args);
  const platform = await runningPlatform(stateFolder(process.env));
  const password = process.env.DEV_PASSWORD ?? 'steward';
  const issuer = process.env.OIDC_ISSUER ?? platform.issuer;
  let token: Promise<string> | undefined;
  const access: GatewayAccess = {
    gateway: (gateway ?? platform.gateway).replace(/\/$/, ''),
    token: (fresh) => (token = !fresh && token ? token : fetchToken({ issuer, login: user, password })),
  };
  // A source with a profile of its own brings branches and policies; what is there already is left alone.
  if (wish.mapping && isCommittedMapping(wish.mapping))
    await prepareBoston311(access, (text) => console.error(text));
  const line = new ProgressLine(process.stderr);
  const result = await importFile({
    ...wish,
    ...access,
    ...(json ? {} : { onProgress: (progress) => line.update(progress) }),
  });
  line.end();
  console.log(json ? JSON.stringify(result, null, 2) : summaryOf(result));
  return result.job.state === 'done' ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ImportError || error instanceof SignInError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
