import { setTimeout as pause } from 'node:timers/promises';
import type { GatewayClient } from '../gateway-client.js';
import type { Cell, Measure, Measures } from './figure-cells.js';

/** The question that headquarters asks: these branches, this source, as it stood at this time. */
export type FiguresQuestion = Readonly<{ regionId: string; source: string; asOf: string }>;

type FigureRow = Readonly<{
  branchCode: string | null;
  categoryCode: string | null;
  channel: string | null;
  month: string | null;
  figures: Measures;
}>;
type FiguresAnswer = Readonly<{ rows: readonly FigureRow[]; total: Measures }>;

const STANDSTILL_MS = 30_000;
const LOOK_EVERY_MS = 250;

/**
 * Waits until headquarters has counted what the branches have: the events are on their way through Kafka. Gives up when
 * nothing has moved for half a minute; then the figures will show what is missing.
 */
export async function awaitFigures(
  api: GatewayClient,
  question: FiguresQuestion,
  expected: Partial<Measures>,
): Promise<boolean> {
  for (let last = '', movedAt = performance.now(); ;) {
    const { total } = await api.get<FiguresAnswer>('/figures/tickets', { ...question, by: 'branch' });
    const arrived = Object.entries(expected).every(([name, count]) => total[name as Measure] === count);
    if (arrived) return true;
    const seen = JSON.stringify(total);
    if (seen !== last) [last, movedAt] = [seen, performance.now()];
    if (performance.now() - movedAt > STANDSTILL_MS) return false;
    await pause(LOOK_EVERY_MS);
  }
}

/** Headquarters' figures per branch, category, channel and month. */
export async function readFigures(api: GatewayClient, question: FiguresQuestion): Promise<Cell[]> {
  const by = 'branch,category,channel,month';
  const { rows } = await api.get<FiguresAnswer>('/figures/tickets', { ...question, by });
  return rows.map(({ branchCode, categoryCode, channel, month, figures }) => ({
    branch: branchCode ?? '?',
    category: categoryCode,
    channel: channel ?? '?',
    month: month ?? '?',
    figures,
  }));
}

/** The records behind one figure of all branches, as `branch id` and id in the source. */
export async function readRecords(
  api: GatewayClient,
  question: FiguresQuestion,
  measure: Measure,
): Promise<Readonly<{ branchId: string; externalId: string }>[]> {
  const found: { branchId: string; externalId: string }[] = [];
  const query = { ...question, measure };
  for await (const { branchId, externalId } of api.list<{ branchId: string; externalId: string | null }>(
    '/figures/tickets/records',
    query,
  ))
    found.push({ branchId, externalId: externalId ?? '' });
  return found;
}
