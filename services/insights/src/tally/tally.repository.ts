import { Injectable } from '@nestjs/common';
import type { Tx } from '@steward/platform';
import type { BranchZone } from '../figure/branch-zone.js';
import { CALLED, ENDED, measureAt, monthOf } from '../figure/figure-conditions.rules.js';
import { MEASURE_NAMES, MOMENTS } from '../figure/figure.rules.js';
import { CUTS, DETAIL, DETAIL_AFTER, MEASURE_SET, OLDEST, PARTS } from './tally.rules.js';

/** A month of a branch whose sums are to be made. */
export type Wanted = Readonly<{
  branchId: string;
  timeZone: string;
  month: string;
  startsAt: Date;
  endsAt: Date;
  detailed: boolean;
  /** it was summed before */
  anew: boolean;
}>;

const PATIENCE = '1s';
const PLACE = PARTS.join(', ');
const START = 's.start at time zone b.zone';
const END = `(s.start + interval '1 month') at time zone b.zone`;
const DETAILED = `${END} <= $5::timestamptz - interval '${DETAIL_AFTER}'`;

// $1 generation, $2 branch ids, $3 their zones, $4 measures, $5 now, $6 at most so many. Months that never were summed come
// first: those that change all the time shall not keep them waiting.
const WANTED = `
select b.id "branchId", b.zone "timeZone", to_char(s.start, 'YYYY-MM') as month, ${START} as "startsAt", ${END} as "endsAt",
  ${DETAILED} as detailed, c.id is not null as anew
from unnest($2::uuid[], $3::text[]) b(id, zone)
cross join lateral (
  select (select counted_at from ticket_fact where generation = $1 and branch_id = b.id order by counted_at limit 1) as first,
    (select counted_at from ticket_fact where generation = $1 and branch_id = b.id order by counted_at desc limit 1) as last) seen
cross join lateral generate_series(
  date_trunc('month', greatest(seen.first, $5::timestamptz - interval '${OLDEST}') at time zone b.zone),
  date_trunc('month', least(seen.last, $5::timestamptz) at time zone b.zone), interval '1 month') s(start)
left join ticket_tally_cell c on c.generation = $1 and c.branch_id = b.id and c.month = to_char(s.start, 'YYYY-MM')
where seen.first is not null and (c.id is null or c.time_zone <> b.zone or c.measures <> $4 or (${DETAILED} and not c.detailed)
  or exists (select from ticket_tally_touched t where t.cell_id = c.id))
order by anew, s.start desc, b.id limit $6`;

// $1 generation, $2 branch, $3 month, $4 its zone, $5 and $6 its bounds, $7 detailed, $8 measures. Judged after all that ever
// was; and used only from the last moment of its facts on. A month whose bounds hold a fact of another month, as when clocks
// go back over midnight of its first day, is never used: such facts are counted live.
const counts = MEASURE_NAMES.map(
  (name, i) => `count(*) filter (where ${measureAt(name, "'infinity'::timestamptz")})::int as m${i}`,
).join(', ');
const sums = MEASURE_NAMES.map((_, i) => `sum(m${i})::int`).join(', ');
const COUNT = `
with fine as materialized (
  select ${PARTS.map((part) => `f.${part}`).join(', ')}, max(greatest(${MOMENTS.join(', ')})) as judged_from,
    bool_and(${monthOf('f.counted_at', '$4::text')} = $3::text) as whole, ${counts}
  from ticket_fact f left join lateral (select ${CALLED} from callback_fact
    where generation = $1::int and ticket_id = f.ticket_id) k on true
  where f.generation = $1::int and f.branch_id = $2::uuid and f.counted_at >= $5::timestamptz and f.counted_at < $6::timestamptz and ${ENDED}
  group by ${PARTS.map((part) => `f.${part}`).join(', ')}),
cell as (
  insert into ticket_tally_cell (generation, branch_id, month, time_zone, starts_at, ends_at, detailed, measures, judged_from)
  select $1::int, $2::uuid, $3::text, $4::text, $5::timestamptz, $6::timestamptz, $7::boolean, $8::text,
    case when bool_and(whole) is false then 'infinity' else coalesce(max(judged_from), '-infinity') end from fine
  returning id)
insert into ticket_tally (cell_id, branch_id, cut, ${PLACE}, counts)
select cell.id, $2::uuid, s.cut, ${PARTS.map((part) => `s.${part}`).join(', ')}, s.counts
from cell cross join (
  select grouping(${PLACE}) as cut, ${PLACE}, array[${sums}] as counts from fine
  group by grouping sets (${CUTS}) having count(*) > 0 and ($7::boolean or grouping(${PLACE}) <> ${DETAIL})) s`;

/** All SQL that makes tallies: stored sums of the tickets that have ended, per branch and month. */
@Injectable()
export class TallyRepository {
  /** Months of these branches that have no sums which hold, those before that never had any. */
  async wanted(
    tx: Tx,
    generation: number,
    branches: readonly BranchZone[],
    { now, limit }: Readonly<{ now: Date; limit: number }>,
  ): Promise<Wanted[]> {
    const ids = branches.map(({ id }) => id);
    const zones = branches.map(({ timeZone }) => timeZone);
    return tx.query<Wanted>(WANTED, [generation, ids, zones, MEASURE_SET, now, limit]);
  }

  /**
   * Makes the sums of one month of a branch, if the build still serves. Nobody changes ended tickets of the branch from
   * the lock to the end of the transaction; why this suffices is told where the marks are made (migration of tallies).
   */
  async make(tx: Tx, generation: number, wanted: Wanted): Promise<void> {
    const { branchId, timeZone, month, startsAt, endsAt, detailed } = wanted;
    // writers of the branch queue behind whoever waits for the lock
    await tx.query(`set local lock_timeout = '${PATIENCE}'`);
    await tx.query('select pg_advisory_xact_lock(ticket_tally_lock($1, $2))', [generation, branchId]);
    const serves = await tx.query('select from generation where active = $1 for share', [generation]);
    if (serves.length === 0) return;
    // cells of one branch never overlap: those of another zone go
    await tx.query(
      'delete from ticket_tally_cell where generation = $1 and branch_id = $2 and (month = $3 or time_zone <> $4)',
      [generation, branchId, month, timeZone],
    );
    await tx.query(COUNT, [
      ...[generation, branchId, month, timeZone],
      ...[startsAt, endsAt, detailed, MEASURE_SET],
    ]);
  }
}
