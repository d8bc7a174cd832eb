import { idOf } from '../world/sample-rows.js';
import type { ServiceWorld } from '../world/service-world.js';

const PER_STATEMENT = 200_000;

// Tickets of five years in 40 branches, the larger ones with more. A hundredth is open, most of these among the youngest;
// a third is of known customers. Columns that are not named keep their defaults.
const TICKETS = `
insert into ticket (id, branch_id, number, kind, channel, category_code, priority, state, requester_name,
  requester_phone, unit_text, content, received_at, registered_at, registered_by, completed_at, due_at, on_time,
  intake_due_at, intake_met_at, customer_id, origin, version)
select ${idOf('n', '00')}, b.id,
  b.code || '-T-' || extract(year from r.at) || '-' || lpad(n::text, 8, '0'),
  (array['repair', 'complaint', 'enquiry'])[1 + n % 3], (array['hotline', 'web', 'app', 'front-desk'])[1 + n % 4],
  'category-' || n % 20, 'routine', case when o.open then 'classified' else 'completed' end, '王晓梅',
  '+86 21 5555 0100', 'Tower ' || n % 50 || ', ' || n % 3000, repeat('Water drips from the ceiling. ', (1 + n % 6)::int),
  r.at, r.at, 'bench', case when not o.open then r.at + interval '1 hour' * (n % 90) end, r.at + interval '3 days',
  case when not o.open then n % 90 <= 72 end, r.at + interval '1 hour', r.at + interval '10 min',
  case when n % 3 = 0 then ${idOf('n * 7919 % ($count / 5)', '20')} end, 'live', 2
from generate_series($from, $to) n
  join (select id, code, row_number() over (order by code) - 1 as place from directory_unit where kind = 'branch') b
    on b.place = floor(40 * power((n * 7919 % 100003) / 100003.0, 1.5))
  cross join lateral (select now() - interval '1 second' * (157766400.0 * ($count - n) / $count) as at) r
  cross join lateral (select n > $count * 0.992 or n % 500 = 0 as open) o`;

/** Fills a database of the tickets service with so many tickets; its indexes are built when all are there. */
export async function loadTickets(world: ServiceWorld, database: string, count: number): Promise<void> {
  const indexes = await world.rows<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
     from pg_index where indrelid = 'ticket'::regclass and not indisunique`,
    database,
  );
  for (const { name } of indexes) await world.rows(`drop index ${name}`, database);
  for (let from = 1; from <= count; from += PER_STATEMENT) {
    const to = Math.min(count, from + PER_STATEMENT - 1);
    const values: Record<string, number> = { $count: count, $from: from, $to: to };
    await world.rows(
      TICKETS.replace(/\$\w+/g, (name) => `${values[name]}::bigint`),
      database,
    );
  }
  for (const { definition } of indexes) await world.rows(definition, database);
  await world.rows('vacuum analyze ticket', database);
}

/** Some tickets of one branch, spread over the years: numbers and customers to search for. */
export const ticketsToFind = (
  world: ServiceWorld,
  database: string,
  branchId: string,
): Promise<{ id: string; number: string; customer: string }[]> =>
  world.rows(
    `select distinct on (width_bucket(n, 0, 1, 50)) id, number, customer from (
       select id, number, customer_id customer, percent_rank() over (order by registered_at) n from (
         select * from ticket where branch_id = '${branchId}' and customer_id is not null limit 20000) t) t`,
    database,
  );
