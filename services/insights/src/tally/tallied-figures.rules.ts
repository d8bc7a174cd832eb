import {
  CALLED,
  conditions,
  dimensionsOf,
  ENDED,
  measureAt,
  OPEN,
  type Selection,
} from '../figure/figure-conditions.rules.js';
import { MAX_ROWS, MEASURE_NAMES, type Dimension, type Measure } from '../figure/figure.rules.js';
import { cutFor, DETAIL, MEASURE_SET, type Part } from './tally.rules.js';

type Asked = Omit<Selection, 'happened'>;

const PART_OF: Readonly<Partial<Record<Dimension, Part>>> = {
  category: 'category_code',
  channel: 'channel',
  kind: 'kind',
};
const LIVE = dimensionsOf('f.zone');
const TALLIED: Readonly<Record<Dimension, string>> = {
  branch: 'c.branch_id',
  category: 't.category_code',
  channel: 't.channel',
  kind: 't.kind',
  month: 'c.month',
};

function partsOf(asked: Asked, by: readonly Dimension[]): ReadonlySet<Part> {
  const parts = new Set<Part>(by.flatMap((dimension) => PART_OF[dimension] ?? []));
  if (asked.kind !== undefined) parts.add('kind');
  if (asked.channel !== undefined) parts.add('channel');
  if (asked.categoryCode !== undefined || asked.withoutCategory) parts.add('category_code');
  if (asked.source !== undefined) parts.add('source');
  return parts;
}

const factsOf = (condition: string): string =>
  `cross join lateral (select f.* from ticket_fact f where f.generation = $1 and f.branch_id = b.id and ${condition} offset 0) f`;

// Cells whose sums hold: of the zone and the measures asked for, at the time asked for, with no ticket changed since.
const covered = (conditions: readonly string[]): string => `
  select c.id, c.branch_id, c.month, b.zone, c.starts_at, c.ends_at
  from asked b join ticket_tally_cell c on c.generation = $1 and c.branch_id = b.id and c.time_zone = b.zone
  where c.judged_from <= $4::timestamptz and ${conditions.join(' and ')}
    and not exists (select from ticket_tally_touched t where t.cell_id = c.id)`;

// The time before, between and after them; cells of a branch never overlap.
const GAPS = `
  select id, zone, ends_at as since, lead(starts_at, 1, 'infinity') over (partition by id order by ends_at) as until
  from (select branch_id as id, zone, starts_at, ends_at from covered
    union all select id, zone, '-infinity', '-infinity' from asked) edge`;

const live = (facts: readonly string[]): string => `
  select f.*, b.zone from asked b ${factsOf([OPEN, ...facts].join(' and '))}
  union all
  select f.*, b.zone from gap b
    ${factsOf([ENDED, 'f.counted_at >= b.since and f.counted_at < b.until', ...facts].join(' and '))}
  where b.since < b.until`;

const named = (sql: (name: Measure, i: number) => string): string[] =>
  MEASURE_NAMES.map((name, i) => `${sql(name, i)} as "${name}"`);
const SUMS = named((_, i) => `sum(t.counts[${i + 1}])`);
const COUNTS = named((name) => `count(*) filter (where ${measureAt(name, '$4::timestamptz')})`);
const TOTALS = named((name) => `coalesce(sum("${name}"), 0)::bigint`);
const NAMES = { branch: 'branch', category: 'category', channel: 'channel', kind: 'kind', month: 'month' };

/**
 * The statement that gives figures: sums of the cells that hold at `asOf`, and live counts of what is in no such cell,
 * which are the open tickets of all months and the ended ones of the gaps between cells. Without any cell all is
 * counted live. One statement, so all of it is of one moment. Inner questions end with `offset 0`: from there the planner
 * cannot take them apart, and always goes by the index of a branch, a cell or a ticket.
 */
export function talliedFigures(
  asked: Asked,
  by: readonly Dimension[],
): Readonly<{ text: string; values: unknown[] }> {
  const { facts, tallies, cells, values } = conditions(asked);
  const cut = cutFor(partsOf(asked, by));
  cells.push(`c.measures = $${values.push(MEASURE_SET)}`);
  if (cut === DETAIL) cells.push('c.detailed');
  const groups = by.map((_, i) => i + 1);
  const grouped = groups.length > 0 ? `group by ${groups.join(', ')}` : '';
  const select = (dimensions: Readonly<Record<Dimension, string>>, figures: readonly string[]): string =>
    `select ${[...by.map((dimension) => `${dimensions[dimension]} as ${dimension}`), ...figures].join(', ')}`;
  const text = `
with asked as materialized (select * from unnest($2::uuid[], $3::text[]) b(id, zone)),
covered as materialized (${covered(cells)}),
gap as materialized (${GAPS}),
live as (${live(facts)}),
part as (
  ${select(TALLIED, SUMS)} from covered c cross join lateral (select * from ticket_tally t
    where ${['t.cell_id = c.id', `t.cut = ${cut}`, ...tallies].join(' and ')} offset 0) t ${grouped}
  union all
  ${select(LIVE, COUNTS)} from live f left join lateral (select ${CALLED} from callback_fact
    where generation = $1 and ticket_id = f.ticket_id) k on true ${grouped})
${select(NAMES, TOTALS)} from part ${grouped}
${groups.length > 0 ? `order by ${groups.map((n) => `${n} nulls first`).join(', ')}` : ''} limit ${MAX_ROWS + 1}`;
  return { text, values };
}
