import type { Figure } from '../frame/report.js';
import { ask, askDatabase, askService, p50, p99 } from '../world/questions.js';
import { HEADQUARTERS, type InsightsWorld } from './insights-world.js';

const GOAL_MS = 100;
const PER_STATEMENT = 250_000;

// Tickets of five years in 40 branches, the larger ones with more; nine of ten are closed, most of them in time.
const FACTS = `
insert into ticket_fact (generation, ticket_id, branch_id, number, kind, channel, category_code, priority, origin,
  received_at, completed_at, due_at, on_time, first_completed_at, recorded_at)
select $generation, gen_random_uuid(), b.id, 'N-' || n, 'repair', (array['hotline', 'web', 'app'])[1 + n % 3],
  'category-' || n % 20, 'routine', 'live', r.at, case when n % 10 > 0 then r.at + interval '1 hour' * (n % 90) end,
  r.at + interval '3 days', case when n % 10 > 0 then n % 90 <= 72 end,
  case when n % 10 > 0 then r.at + interval '1 hour' * (n % 90) end, r.at
from generate_series($from, $to) n
  join (select id, row_number() over (order by code) - 1 as place from directory_unit where kind = 'branch') b
    on b.place = floor(40 * power((n * 7919 % 100003) / 100003.0, 1.5))
  cross join lateral (select now() - interval '1 second' * (n * 15485863 % 157766400) as at) r`;

/** Adds facts to the build that serves, until there are so many. */
export async function loadFacts({ world }: InsightsWorld, generation: number, count: number): Promise<void> {
  for (let from = 1; from <= count; from += PER_STATEMENT) {
    const to = Math.min(count, from + PER_STATEMENT - 1);
    const values: Record<string, number> = { $generation: generation, $from: from, $to: to };
    await world.rows(FACTS.replace(/\$\w+/g, (name) => `${values[name]}::bigint`));
  }
  await world.rows('vacuum analyze ticket_fact');
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
