import { eventually } from '@steward/testing';
import { parseArgs } from 'node:util';
import { API_SERVICE_NAMES } from '../api-services.js';
import { ApiClient } from '../demo/api-client.js';
import { tokenCommand } from '../token/command.js';
import { runningPlatform, stateFolder } from '../token/running-platform.js';
import { SignInError } from '../token/sign-in-error.js';

const USAGE = `npm run audit -- [service]                        verifies the audit chains (ORG-02)
npm run parked -- <service>                       lists events that consumers could not apply
npm run parked -- <service> replay <id>           applies what is parked of the event's key
npm run parked -- <service> skip <id> --reason …  gives an event up
npm run republish -- <service> --reason …         fills the service's topics again from its event history
npm run rebuild                                   builds headquarters' figures anew beside the ones that serve
Options: --user hq.admin, --json`;

/** Filling topics again or rebuilding may take long on a large history; the work goes on without us. */
const PATIENCE_MS = 3_600_000;

const FAULTS_ENOUGH = 100;

type Say = (line: string) => void;
type Work = Readonly<{ api: ApiClient; say: Say; json: boolean; reason: string | undefined }>;
type Verdict = {
  ok: boolean;
  sealed: number;
  unsealed: number;
  faults: { branchId: string | null; sequence: string; fault: string }[];
  next: string | null;
};
type Parked = {
  id: string;
  consumer: string;
  key: string;
  type: string | null;
  code: string;
  reason: string;
  attempts: number;
};
type Rebuild = {
  active: number;
  building: number | null;
  compared: { facts: number; differing: number; equal: boolean } | null;
};

/** Runs one operator's command against the running platform; gives the exit code. Throws `ApiError` or `SignInError`. */
export async function operate(args: readonly string[], env: NodeJS.ProcessEnv, say: Say): Promise<number> {
  const { values, positionals } = read(args);
  const [command, service, action, id] = positionals;
  const { gateway } = await runningPlatform(stateFolder(env));
  const token = await tokenCommand([values.user], env);
  const work: Work = {
    api: new ApiClient(`${gateway}/api/v1`, token),
    say,
    json: values.json,
    reason: values.reason,
  };
  if (command === 'audit') return audit(work, service === undefined ? API_SERVICE_NAMES : [service]);
  if (command === 'rebuild') return rebuild(work);
  if (service === undefined) throw new SignInError(USAGE);
  if (command === 'parked') return parked(work, service, action, id);
  if (command === 'republish') return republish(work, service);
  throw new SignInError(USAGE);
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        user: { type: 'string', default: 'hq.admin' },
        json: { type: 'boolean', default: false },
        reason: { type: 'string' },
      },
    });
  } catch (cause) {
    throw new SignInError(USAGE, { cause });
  }
}

async function audit({ api, say, json }: Work, services: readonly string[]): Promise<number> {
  let whole = true;
  for (const service of services) {
    const { next: _, ...verdict } = await verification(api, service, (sealed) => {
      if (!json) say(`${service}: ${sealed} rows so far …`);
    });
    whole &&= verdict.ok;
    if (json) say(JSON.stringify({ service, ...verdict }));
    else
      say(
        `${service}: ${verdict.ok ? 'whole' : 'BROKEN'}, ${verdict.sealed} rows sealed, ${verdict.unsealed} not sealed yet`,
      );
    if (!json)
      for (const { branchId, sequence, fault } of verdict.faults)
        say(`  ${branchId ?? 'group'} ${sequence}: ${fault}`);
  }
  return whole ? 0 : 1;
}

/** All parts of a service's verification as one. With many faults the rest tells nothing more, so it ends there. */
async function verification(
  api: ApiClient,
  service: string,
  progress: (sealed: number) => void,
): Promise<Verdict> {
  const path = `/audit/${service}/verification`;
  let all = await api.get<Verdict>(path);
  while (all.next !== null && all.faults.length < FAULTS_ENOUGH) {
    progress(all.sealed);
    const part = await api.get<Verdict>(`${path}?after=${encodeURIComponent(all.next)}`);
    all = {
      ...part,
      ok: all.ok && part.ok,
      sealed: all.sealed + part.sealed,
      faults: [...all.faults, ...part.faults],
    };
  }
  return all;
}

async function parked(
  { api, say, json, reason }: Work,
  service: string,
  action?: string,
  id?: string,
): Promise<number> {
  if (action === undefined) {
    const events = await api.all<Parked>(`/parked/${service}`);
    for (const event of events)
      say(
        json
          ? JSON.stringify(event)
          : `${event.id} ${event.consumer} ${event.type} of ${event.key}: ${event.code} ${event.reason} (${event.attempts} attempts)`,
      );
    if (!json) say(`${events.length} parked events`);
    return 0;
  }
  if (id === undefined || (action !== 'replay' && action !== 'skip')) throw new SignInError(USAGE);
  if (action === 'skip' && !reason) throw new SignInError('Say why it is given up: --reason "…"');
  const replay = await api.post<{ applied: number; left: number; fault?: { code: string; reason: string } }>(
    `/parked/${service}/${id}/${action}`,
    action === 'skip' ? { reason } : {},
  );
  say(
    json
      ? JSON.stringify(replay)
      : `${replay.applied} applied, ${replay.left} left${replay.fault ? `: ${replay.fault.code} ${replay.fault.reason}` : ''}`,
  );
  return replay.left === 0 ? 0 : 1;
}

async function republish({ api, say, reason }: Work, service: string): Promise<number> {
  if (!reason) throw new SignInError('Say why the topics are filled again: --reason "…"');
  await api.post(`/republications/${service}`, { reason });
  say(`${service}: the relay fills the topics again …`);
  const done = async (): Promise<boolean> =>
    !(await api.get<{ running: boolean }>(`/republications/${service}`)).running;
  await eventually(done, { timeoutMs: PATIENCE_MS, intervalMs: 500 });
  say(`${service}: done`);
  return 0;
}

async function rebuild({ api, say, json }: Work): Promise<number> {
  const begun = await api.post<Rebuild>('/figures/tickets/rebuild', {});
  say(`build ${begun.building} is being made; build ${begun.active} serves meanwhile …`);
  const ended = await eventually(
    async () => {
      const state = await api.get<Rebuild>('/figures/tickets/rebuild');
      return state.building === null && state;
    },
    { timeoutMs: PATIENCE_MS, intervalMs: 500 },
  );
  say(
    json
      ? JSON.stringify(ended)
      : `build ${ended.active} serves; ${ended.compared?.facts} facts compared, ${ended.compared?.differing} differ`,
  );
  return ended.active === begun.building ? 0 : 1;
}
