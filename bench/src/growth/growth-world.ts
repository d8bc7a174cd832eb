import { randomUUID } from 'node:crypto';
import * as tickets from '@steward/service-tickets';
import type { Stand } from '../frame/stand.js';
import { benchGroup, branchCode, clerkOf } from '../tickets/bench-group.js';
import { ticketBody } from '../tickets/ticket-body.js';
import { askService } from '../world/questions.js';
import { ServiceWorld, type Started } from '../world/service-world.js';
import { loadTickets, ticketsToFind } from './tickets-at-size.js';

const HEADQUARTERS = 'bench.hq';
const DEPTH = 20;
const TICKETS = '/api/v1/tickets';

type Page = Readonly<{ next: string | null }>;
type Ask = (index: number) => Promise<boolean>;

/** The tickets service over a database with so many tickets, and what is asked of it, by name. */
export type Sized = Readonly<{ count: number; asks: Readonly<Record<string, Ask>> }>;

/** The same service over databases of several sizes, all at once, so that they can be asked in turns. */
export async function sizedServices(stand: Stand, sizes: readonly number[]): Promise<Sized[]> {
  const world = await ServiceWorld.start(stand, tickets, {
    group: (kafka) => benchGroup(kafka).employee(HEADQUARTERS, 'hq-admin@HQ'),
  });
  const sized: Sized[] = [];
  for (const count of sizes) {
    const database = await world.copy(String(count));
    await loadTickets(world, database, count);
    const service = await world.process(database, `tickets-${count}`);
    sized.push({ count, asks: await asksOf(world, service, database) });
  }
  return sized;
}

async function asksOf(world: ServiceWorld, service: Started, database: string): Promise<Sized['asks']> {
  const branchId = world.group.id(branchCode(0));
  const found = await ticketsToFind(world, database, branchId);
  const one = (index: number) => found[index % found.length]!;
  const clerk = clerkOf(0);
  const deep = await deepCursor(world, service, clerk);
  const now = new Date().toISOString();
  const asked = (as: string, path: (index: number) => string): Ask =>
    askService(world, service, as, (index) => `${TICKETS}${path(index)}`);
  return {
    'list: newest of the branch': asked(clerk, () => '?limit=50'),
    'list: a page far behind': asked(clerk, () => `?limit=50&after=${encodeURIComponent(deep)}`),
    'list: open by deadline': asked(clerk, () => '?limit=50&open=true&sort=dueAt'),
    'list: open and overdue': asked(clerk, () => `?limit=50&open=true&sort=dueAt&overdueAsOf=${now}`),
    'list: newest of the group': asked(HEADQUARTERS, () => '?limit=50'),
    'search: by number': asked(clerk, (index) => `?number=${one(index).number}`),
    'search: by customer': asked(clerk, (index) => `?customerId=${one(index).customer}`),
    'search: by category': asked(clerk, (index) => `?limit=50&categoryCode=category-${index % 20}`),
    'read one': asked(clerk, (index) => `/${one(index).id}`),
    create: async () => {
      const answer = await fetch(service.url + TICKETS, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${world.stand.issuer.token(clerk)}`,
          'content-type': 'application/json',
          'idempotency-key': randomUUID(),
        },
        body: JSON.stringify(ticketBody(branchId)),
      });
      await answer.text();
      return answer.status === 201;
    },
  };
}

/** The cursor of a page far behind the first. */
async function deepCursor(world: ServiceWorld, service: Started, as: string): Promise<string> {
  let after = '';
  for (let page = 0; page < DEPTH; page += 1) {
    const address = `${TICKETS}?limit=50${after && `&after=${encodeURIComponent(after)}`}`;
    const { next } = await world.call<Page>(service, 'GET', address, as);
    if (next === null) break;
    after = next;
  }
  return after;
}
