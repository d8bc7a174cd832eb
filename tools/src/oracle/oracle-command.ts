import { parseArgs } from 'node:util';
import { fetchToken } from '../token/fetch-token.js';
import { runningPlatform, stateFolder } from '../token/running-platform.js';
import { prepareBoston311, runBoston311 } from './boston311/boston311.js';
import type { GatewayAccess } from './gateway-client.js';
import { OracleError } from './oracle-error.js';
import { drawReport, isMet, reportOf } from './report.js';

const USAGE = `usage: npm run oracle -- boston311 --data <folder> [--json] [--gateway URL] [--user LOGIN]
       npm run oracle -- boston311 --prepare [--gateway URL] [--user LOGIN]
  --data FOLDER  runs every CSV file of this source in the folder through the platform and compares
  --prepare      only makes the branches and policies that the committed mapping names
  --json         one JSON object on standard output
  --gateway URL  another platform than the one that runs here
  --user LOGIN   whose rights are used (hq.admin)`;

type Output = Readonly<{ print: (text: string) => void; say: (line: string) => void }>;

/** Answers one call of the command; gives the exit code: 0 when everything is as it must be. */
export async function oracleCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { print, say }: Output,
): Promise<number> {
  const { oracle, data, prepare, json, gateway, user } = readArguments(args);
  const access = await accessOf({ gateway, user }, env);
  if (prepare) {
    await prepareBoston311(access, say);
    return 0;
  }
  const findings = await runBoston311(access, data, say);
  print(json ? JSON.stringify(reportOf(oracle, findings), null, 2) : drawReport(findings));
  return findings.every(isMet) ? 0 : 1;
}

type Arguments = Readonly<{
  oracle: string;
  data: string;
  prepare: boolean;
  json: boolean;
  gateway?: string | undefined;
  user: string;
}>;

function readArguments(args: readonly string[]): Arguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        data: { type: 'string', default: '' },
        prepare: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        gateway: { type: 'string' },
        user: { type: 'string', default: 'hq.admin' },
      },
    });
    const [oracle, ...more] = positionals;
    if (oracle === 'boston311' && more.length === 0 && (values.data || values.prepare))
      return { oracle, ...values };
  } catch (error) {
    throw new OracleError(`${(error as Error).message}\n${USAGE}`);
  }
  throw new OracleError(USAGE);
}

async function accessOf(
  { gateway, user: login }: Pick<Arguments, 'gateway' | 'user'>,
  env: NodeJS.ProcessEnv,
): Promise<GatewayAccess> {
  const elsewhere =
    gateway !== undefined && env.OIDC_ISSUER ? { gateway, issuer: env.OIDC_ISSUER } : undefined;
  const platform = elsewhere ?? (await runningPlatform(stateFolder(env)));
  const issuer = env.OIDC_ISSUER ?? platform.issuer;
  const password = env.DEV_PASSWORD ?? 'steward';
  let token: Promise<string> | undefined;
  return {
    gateway: (gateway ?? platform.gateway).replace(/\/$/, ''),
    token: (fresh) => (token = !fresh && token ? token : fetchToken({ issuer, login, password })),
  };
}
