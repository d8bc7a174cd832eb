import type { BranchZone } from './branch-zone.js';
import { MEASURES, type Dimension, type Measure } from './figure.rules.js';

export type Selection = Readonly<{
  generation: number;
  branches: readonly BranchZone[];
  asOf: Date;
  fromMonth?: string | undefined;
  toMonth?: string | undefined;
  /** Months by when it happened, also of what was recorded late; else a late fact counts where it was recorded. */
  happened?: boolean | undefined;
  categoryCode?: string | undefined;
  withoutCategory?: boolean | undefined;
  channel?: string | undefined;
  kind?: string | undefined;
  source?: string | undefined;
}>;

export const monthOf = (column: string, zone: string): string =>
  `to_char(${column} at time zone ${zone}, 'YYYY-MM')`;

/** What tells groups apart, of a fact `f` whose months are those of `zone`. */
export const dimensionsOf = (zone: string): Readonly<Record<Dimension, string>> => ({
  branch: 'f.branch_id',
  category: 'f.category_code',
  channel: 'f.channel',
  kind: 'f.kind',
  month: monthOf('f.counted_at', zone),
});

export const OPEN = '(f.completed_at is null and f.cancelled_at is null)';
export const ENDED = '(f.completed_at is not null or f.cancelled_at is not null)';

/** Of a callback's fact, what measures ask for; joined as `k`. */
export const CALLED = `min(scheduled_at) as scheduled_at,
  min(recorded_at) filter (where result <> 'unreachable') as called_back_at`;

/** A measure's condition over the fact `f` and its callbacks `k`, judged at a time. */
export const measureAt = (name: Measure, asOf: string): string => MEASURES[name].replaceAll('$asOf', asOf);

/**
 * What a question selects. Of its values the first four are always: $1 generation, $2 branch ids, $3 their zones, $4 the
 * time that the figures are judged at. `facts`: conditions over a fact `f` and its branch `b`; `tallies`: the same over a
 * tally `t` and its cell `c`, whose facts all were counted by $4; `cells`: those cells and their neighbours at least.
 */
export type Conditions = Readonly<{ facts: string[]; tallies: string[]; cells: string[]; values: unknown[] }>;

type Added = Partial<Omit<Conditions, 'values'>>;

// The bounds without a zone come first, for the index; a month starts at most 14 hours apart from UTC's. Nothing counts
// before it happened, so the lower bound holds for both.
function since(month: string, p: string): Added {
  const bound = `(${p} || '-01')::timestamp at time zone 'UTC' - interval '1 day'`;
  return {
    facts: [`f.counted_at >= ${bound}`, `${month} >= ${p}`],
    tallies: [`c.month >= ${p}`],
    cells: [`c.ends_at >= ${bound}`],
  };
}

function until(month: string, p: string, happened: boolean): Added {
  const bound = `((${p} || '-01')::date + interval '1 month') at time zone 'UTC' + interval '1 day'`;
  return {
    facts: [...(happened ? [] : [`f.counted_at < ${bound}`]), `${month} <= ${p}`],
    tallies: [`c.month <= ${p}`],
    cells: [`c.starts_at < ${bound}`],
  };
}

export function conditions(selection: Selection): Conditions {
  const { generation, branches, asOf, happened = false } = selection;
  const month = monthOf(happened ? 'f.received_at' : 'f.counted_at', 'b.zone');
  const values: unknown[] = [generation, branches.map((b) => b.id), branches.map((b) => b.timeZone), asOf];
  const facts = ['f.counted_at <= $4::timestamptz'];
  const tallies: string[] = [];
  const cells: string[] = [];
  const add = (value: unknown, sql: (p: string) => Added): void => {
    if (value === undefined) return;
    const more = sql(`$${values.push(value)}`);
    facts.push(...(more.facts ?? []));
    tallies.push(...(more.tallies ?? []));
    cells.push(...(more.cells ?? []));
  };
  add(selection.fromMonth, (p) => since(month, p));
  add(selection.toMonth, (p) => until(month, p, happened));
  const same = (column: string) => (p: string) => ({
    facts: [`f.${column} = ${p}`],
    tallies: [`t.${column} = ${p}`],
  });
  add(selection.categoryCode, same('category_code'));
  add(selection.channel, same('channel'));
  add(selection.kind, same('kind'));
  add(selection.source, same('source'));
  if (selection.withoutCategory) {
    facts.push('f.category_code is null');
    tallies.push('t.category_code is null');
  }
  return { facts, tallies, cells, values };
}
