import { formatLocalDate, parseLocalDate } from '@steward/kernel';
import { setTimeout as pause } from 'node:timers/promises';
import type { GatewayClient } from '../gateway-client.js';
import { OracleError } from '../oracle-error.js';
import type { Chain } from './chains.js';
import type { Place } from './set-up.js';

type Run = Readonly<{ id: string; state: string; charges: number; exceptions: number; error: string | null }>;
type Exception = Readonly<{ code: string; detail: string }>;
type Money = Readonly<{ amount: string; currency: string }>;
type ChargeItem = Readonly<{ meterId: string | null; serviceFrom: string; serviceTo: string; amount: Money }>;
type Meter = Readonly<{ id: string; serial: string }>;

const WAIT_MS = 200;
const TRIES = 60;
/** The register of owners has not come over yet. */
const PASSING = 'billing.payer-missing';

/** The months whose runs charge what ends in them: a reading ends the use up to the day before. */
export function monthsOf(chains: readonly Chain[]): string[] {
  const lines = chains.flatMap((chain) => chain.lines);
  return [...new Set(lines.map(({ to }) => dayBefore(to).slice(0, 7)))].sort();
}

const dayBefore = (day: string): string => formatLocalDate(parseLocalDate(day) - 1);
const dayAfter = (day: string): string => formatLocalDate(parseLocalDate(day) + 1);

/** Runs a month, and again while owners are still on their way from the register. */
export async function runMonth(api: GatewayClient, { branchId }: Place, period: string): Promise<Run> {
  for (let tries = 1; ; tries += 1) {
    const started = await api.post<Run>('/billing-runs', { branchId, period });
    const run = await ended(api, started.id);
    if (run.state !== 'done')
      throw new OracleError(`The run of ${period} is ${run.state}: ${run.error ?? ''}`);
    let waits = false;
    for await (const { code } of api.list<Exception>(`/billing-runs/${run.id}/exceptions`, { code: PASSING }))
      waits ||= code === PASSING;
    if (!waits || tries === TRIES) return run;
    await pause(WAIT_MS);
  }
}

async function ended(api: GatewayClient, id: string): Promise<Run> {
  for (;;) {
    const run = await api.get<Run>(`/billing-runs/${id}`);
    if (!['waiting', 'running'].includes(run.state)) return run;
    await pause(WAIT_MS);
  }
}

/** Everything that the branch was charged, by serial and days. */
export async function readCharged(api: GatewayClient, { branchId }: Place): Promise<Map<string, string>> {
  const serials = new Map<string, string>();
  for await (const { id, serial } of api.list<Meter>('/meters', { branchId })) serials.set(id, serial);
  const charged = new Map<string, string>();
  for await (const { meterId, serviceFrom, serviceTo, amount } of api.list<ChargeItem>('/charges', {
    branchId,
  }))
    charged.set(`${serials.get(meterId ?? '')} ${serviceFrom} ${dayAfter(serviceTo)}`, amount.amount);
  return charged;
}
