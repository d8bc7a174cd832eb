import { eventually } from '@steward/testing';
import type { Figure } from '../frame/report.js';
import { ask, askDatabase, askService, p50, p99 } from '../world/questions.js';
import { HEADQUARTERS, type InsightsWorld } from './insights-world.js';

const GOAL_MS = 100;
const PER_STATEMENT = 250_000;
const PATIENCE_MS = 1_800_000;

// Tickets of five years up to now in 40 branches, the larger ones with more, in the order in which they came. They end within
// four days, most of them in time; what came in the last days is open, and of the others one in 5000, which never ends.
const FACTS = `
insert into ticket_fact (generation, ticket_id, branch_id, number, kind, channel, category_code, priority, origin,
  received_at, completed_at, due_at, on_time, first_completed_at, recorded_at)
select $generation, gen_random_uuid(), b.id, 'N-' || n, 'repair', (array['hotline', 'web', 'app'])[1 + n % 3],
  'category-' || n % 20, 'routine', 'live', r.at, e.at, r.at + interval '3 days', e.at <= r.at + interval '3 days', e.at, r.at
from generate_series($from, $to) n
  join (select id, row_number() over (order by code) - 1 as place from directory_unit where kind = 'branch') b
    on b.place = floor(40 * power((n * 7919 % 100003) / 100003.0, 1.5))
  cross join lateral (select now() - interval '1 second' * (157766400.0 * ($count - n) / $count) as at,
    interval '1 hour' * (n * 31 % 90) as takes) r
  cross join lateral (select case when n % 5000 > 0 and r.at + r.takes <= now() then r.at + r.takes end as at) e`;

// Branches with a month, from their first fact to their last, that no sum covers.
const UNCOVERED = `
select seen.id from (select u.id,
    (select min(counted_at) from ticket_fact where generation = $generation and branch_id = u.id) as first,
    (select max(counted_at) from ticket_fact where generation = $generation and branch_id = u.id) as last
  from directory_unit u where u.kind = 'branch') seen
where seen.first is not null and not coalesce((
  select min(c.starts_at) <= seen.first and max(c.ends_at) > seen.last
    and sum(c.ends_at - c.starts_at) = max(c.ends_at) - min(c.starts_at)
  from ticket_tally_cell c where c.generation = $generation and c.branch_id = seen.id
    and c.ends_at > seen.first and c.starts_at <= seen.last -- others are of the facts before
    and not exists (select from ticket_tally_touched t where t.cell_id = c.id)), false)`;

const filled = (sql: string, values: Readonly<Record<string, number>>): string =>
  sql.replace(/\$\w+/g, (name) => `${values[name]}::bigint`);

/**
 * Puts facts into the build that serves in place of the registrations that the rebuild read, of which none ever ends, and
 * waits until the service has summed all months.
 */
export async function loadFacts({ world }: InsightsWorld, generation: number, count: number): Promise<void> {
  await world.rows('delete from ticket_fact');
  for (let from = 1; from <= count; from += PER_STATEMENT) {
    const to = Math.min(count, from + PER_STATEMENT - 1);
    await world.rows(filled(FACTS, { $generation: generation, $from: from, $to: to, $count: count }));
  }
  await world.rows('vacuum analyze ticket_fact');
  const look = filled(UNCOVERED, { $generation: generation });
  await eventually(async () => (await world.rows(look)).length === 0, {
    timeoutMs: PATIENCE_MS,
    intervalMs: 500,
  });
}

type Question = Readonly<{ title: string; path: string; sql: string; goal?: true }>;

function questions(generation: number): Question[] {
  const month = new Date().toISOString().slice(0, 7);
  const year = `${Number(month.slice(0, 4)) - 1}${month.slice(4)}`;
  const from = (start: string): string =>
    `from ticket_fact where generation = ${generation} and counted_at >= '${start}-01'`;
  return [
    {
      title: 'this month by branch',
      path: `?by=branch&fromMonth=${month}`,
      sql: `select branch_id, count(*) ${from(month)} group by 1`,
      goal: true,
    },
    {
      title: 'twelve months by month',
      path: `?by=month&fromMonth=${year}`,
      sql: `select date_trunc('month', counted_at), count(*) ${from(year)} group by 1`,
      goal: true,
    },
    {
      title: 'everything by branch',
      path: '?by=branch',
      sql: `select branch_id, count(*) ${from('2000-01')} group by 1`,
      goal: true,
    },
  ];
}

/** What the figures' route takes for the questions of a dashboard, beside a bare count by the database alone. */
export async function dashboardFigures(insights: InsightsWorld, times: number): Promise<Figure[]> {
  const { world, service } = insights;
  const figures: Figure[] = [];
  for (const { title, path, sql, goal } of questions(await insights.active())) {
    const asked = askService(world, service, HEADQUARTERS, () => `/api/v1/figures/tickets${path}`);
    const ours = await ask(times, asked);
    const raw = await askDatabase(world.adminUrl(), times, () => sql);
    const told = ours.refused > 0 ? `${title} (${ours.refused} of ${times} not answered)` : title;
    figures.push(
      { title: `${told}, half within`, unit: 'ms', ours: p50(ours), raw: p50(raw) },
      {
        ...{ title: `${told}, 99 % within`, unit: 'ms', ours: p99(ours), raw: p99(raw) },
        ...(goal ? { goal: { atMost: GOAL_MS } } : {}),
      },
    );
  }
  return figures;
}
