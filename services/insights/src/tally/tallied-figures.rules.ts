import {
  CALLED,
  conditions,
  dimensionsOf,
  ENDED,
  measureAt,
  OPEN,
  type Selection,
} from '../figure/figure-conditions.rules.js';
import { MEASURE_NAMES, type Dimension } from '../figure/figure.rules.js';
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
  const { facts, tallies, values } = conditions(asked);
  const cut = cutFor(partsOf(asked, by));
  const measures = `$${values.push(MEASURE_SET)}`;
  const groups = by.map((_, i) => i + 1);
  const grouped = groups.length > 0 ? `group by ${groups.join(', ')}` : '';
  const select = (dimensions: Readonly<Record<Dimension, string>>, figures: readonly string[]): string =>
    `select ${[...by.map((dimension) => `${dimensions[dimension]} as ${dimension}`), ...figures].join(', ')}`;
  const named = (sql: (name: (typeof MEASURE_NAMES)[number], i: number) => string): string[] =>
    MEASURE_NAMES.map((name, i) => `${sql(name, i)} as "${name}"`);
  const factsWhere = (condition: string): string =>
    `cross join lateral (select f.* from ticket_fact f where f.generation = $1 and f.branch_id = b.id
       and ${[condition, ...facts].join(' and ')} offset 0) f`;
  const text = `
with asked as materialized (select * from unnest($2::uuid[], $3::text[]) b(id, zone)),
covered as materialized (
  select c.id, c.branch_id, c.month, b.zone, c.starts_at, c.ends_at
  from asked b join ticket_tally_cell c on c.generation = $1 and c.branch_id = b.id and c.time_zone = b.zone
  where c.measures = ${measures} and c.judged_from <= $4::timestamptz ${cut === DETAIL ? 'and c.detailed' : ''}
    and not exists (select from ticket_tally_touched t where t.cell_id = c.id)),
gap as materialized (
  select id, zone, ends_at as since, lead(starts_at, 1, 'infinity') over (partition by id order by ends_at) as until
  from (select branch_id as id, zone, starts_at, ends_at from covered
    union all select id, zone, '-infinity', '-infinity' from asked) edge),
live as (
  select f.*, b.zone from asked b ${factsWhere(OPEN)}
  union all
  select f.*, b.zone from gap b ${factsWhere(`${ENDED} and f.counted_at >= b.since and f.counted_at < b.until`)}
  where b.since < b.until),
part as (
  ${select(
    TALLIED,
    named((_, i) => `sum(t.counts[${i + 1}])`),
  )}
  from covered c cross join lateral (select * from ticket_tally t
    where ${['t.cell_id = c.id', `t.cut = ${cut}`, ...tallies].join(' and ')} offset 0) t ${grouped}
  union all
  ${select(
    LIVE,
    named((name) => `count(*) filter (where ${measureAt(name, '$4::timestamptz')})`),
  )}
  from live f left join lateral (select ${CALLED} from callback_fact
    where generation = $1 and ticket_id = f.ticket_id) k on true ${grouped})
${select(
  { branch: 'branch', category: 'category', channel: 'channel', kind: 'kind', month: 'month' },
  named((name) => `coalesce(sum("${name}"), 0)::bigint`),
)}
from part ${grouped} ${by.length > 0 ? `order by ${groups.map((n) => `${n} nulls first`).join(', ')}` : ''}`;
  return { text, values };
}
