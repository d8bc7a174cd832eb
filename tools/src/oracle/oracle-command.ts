import { parseArgs } from 'node:util';
import { fetchToken } from '../token/fetch-token.js';
import { runningPlatform, stateFolder } from '../token/running-platform.js';
import { prepareBoston311, runBoston311 } from './boston311/boston311.js';
import type { GatewayAccess } from './gateway-client.js';
import { runNychaWater } from './nycha-water/nycha-water.js';
import { OracleError } from './oracle-error.js';
import { runPaymentHistory } from './payment-history/payment-history.js';
import { drawReport, isMet, reportOf, type Finding } from './report.js';

const USAGE = `usage: npm run oracle -- boston311 --data <folder> [--json] [--gateway URL] [--user LOGIN]
       npm run oracle -- boston311 --prepare [--gateway URL] [--user LOGIN]
       npm run oracle -- nycha-water --data <folder> --tariffs <file> [--json] [--gateway URL] [--user LOGIN]
       npm run oracle -- payment-history --data <folder> [--json] [--gateway URL] [--user LOGIN]
  --data FOLDER  runs every CSV file of this source in the folder through the platform and compares
  --tariffs FILE what the bills were priced by (tools/profiles/nycha-water)
  --prepare      only makes the branches and policies that the committed mapping names
  --json         one JSON object on standard output
  --gateway URL  another platform than the one that runs here
  --user LOGIN   whose rights are used (hq.admin)`;

type Run = (
  access: GatewayAccess,
  given: Pick<Arguments, 'data' | 'tariffs'>,
  say: (line: string) => void,
) => Promise<Finding[]>;

/** The oracles by name. */
const ORACLES = {
  boston311: (access, { data }, say) => runBoston311(access, data, say),
  'nycha-water': (access, { data, tariffs }, say) => runNychaWater(access, data, tariffs, say),
  'payment-history': (access, { data }, say) => runPaymentHistory(access, data, say),
} as const satisfies Record<string, Run>;
type OracleName = keyof typeof ORACLES;

const isOracle = (name: string | undefined): name is OracleName =>
  name !== undefined && Object.hasOwn(ORACLES, name);

/** Whether the call says what the oracle needs. */
function isWhole(name: OracleName, given: Pick<Arguments, 'data' | 'tariffs' | 'prepare'>): boolean {
  if (given.prepare) return name === 'boston311';
  return given.data !== '' && (name !== 'nycha-water' || given.tariffs !== '');
}

type Output = Readonly<{ print: (text: string) => void; say: (line: string) => void }>;

/** Answers one call of the command; gives the exit code: 0 when everything is as it must be. */
export async function oracleCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { print, say }: Output,
): Promise<number> {
  const given = readArguments(args);
  const { oracle, prepare, json } = given;
  const access = await accessOf(given, env);
  if (prepare) {
    await prepareBoston311(access, say);
    return 0;
  }
  const findings = await ORACLES[oracle](access, given, say);
  print(json ? JSON.stringify(reportOf(oracle, findings), null, 2) : drawReport(findings));
  return findings.every(isMet) ? 0 : 1;
}

type Arguments = Readonly<{
  oracle: OracleName;
  data: string;
  tariffs: string;
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
        tariffs: { type: 'string', default: '' },
        prepare: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        gateway: { type: 'string' },
        user: { type: 'string', default: 'hq.admin' },
      },
    });
    const [oracle, ...more] = positionals;
    if (isOracle(oracle) && more.length === 0 && isWhole(oracle, values)) return { oracle, ...values };
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
