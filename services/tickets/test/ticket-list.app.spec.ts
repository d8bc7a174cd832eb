import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Database, scopeOf, type Scope, type Tx } from '@steward/platform';
import { ticketsQuery } from '../src/ticket/ticket.dto.js';
import { TicketRepository } from '../src/ticket/ticket.repository.js';
import type { Json } from '@steward/directory/testing';
import { TicketsUnderTest } from './tickets.harness.js';

jest.setTimeout(30_000);

let service: TicketsUnderTest;

const list = async (as: string, query: Record<string, string> = {}): Promise<Json> => {
  const answer = await service.get(`/api/v1/tickets?${new URLSearchParams(query).toString()}`, as);
  if (answer.status !== 200) throw new Error(`answered ${answer.status} ${answer.text}`);
  return answer.body;
};
const contents = async (as: string, query: Record<string, string> = {}): Promise<string[]> =>
  ((await list(as, query))['items'] as Json[]).map(({ content }) => content as string);

beforeAll(async () => {
  service = await TicketsUnderTest.start();
  await service.category('water-leak');
  await service.category('noise', 'EB1', 'complaint');
}, 90_000);
afterAll(() => service?.stop());

describe('the list of tickets', () => {
  let closed: Json;
  beforeAll(async () => {
    const received = (day: number): string => `2025-09-0${day}T01:00:00.000Z`;
    await service.ticket({ content: 'a', receivedAt: received(3), categoryCode: 'water-leak' });
    await service.ticket({ content: 'b', receivedAt: received(1), kind: 'complaint', categoryCode: 'noise' });
    await service.ticket({ content: 'c', receivedAt: received(2), siteId: service.group.id('EB1-S1') });
    closed = await service.ticket({ content: 'd', receivedAt: received(4), categoryCode: 'water-leak' });
    closed = await service.act(closed, 'assignment', {
      assigneeId: service.group.employees.get('eb1.engineer')!,
    });
    closed = await service.act(closed, 'completion', { outcome: 'ok' });
    await service.ticket({ content: 'z', branchId: service.group.id('EB2') }, 'eb2.agent');
  });

  it('is sorted by registration, latest first, or as asked', async () => {
    expect(await contents('eb1.driver')).toEqual(['d', 'c', 'b', 'a']);
    expect(await contents('eb1.driver', { sort: 'registeredAt' })).toEqual(['a', 'b', 'c', 'd']);
    expect(await contents('eb1.driver', { sort: 'receivedAt' })).toEqual(['b', 'c', 'a', 'd']);
    expect(await contents('eb1.driver', { sort: '-number' })).toEqual(['d', 'c', 'b', 'a']);
    expect(await contents('eb1.driver', { sort: 'dueAt' })).toEqual(['b', 'a', 'd', 'c']);
    expect(await contents('eb1.driver', { sort: '-dueAt' })).toEqual(['c', 'd', 'a', 'b']);
  });

  it('is filtered by what one asks for', async () => {
    const cases: [Record<string, string>, string[]][] = [
      [{ kind: 'complaint' }, ['b']],
      [{ categoryCode: 'water-leak' }, ['d', 'a']],
      [{ state: 'registered' }, ['c']],
      [{ open: 'true' }, ['c', 'b', 'a']],
      [{ open: 'false' }, ['d']],
      [{ siteId: service.group.id('EB1-S1') }, ['c']],
      [{ assigneeId: service.group.employees.get('eb1.engineer')! }, ['d']],
      [{ number: closed['number'] as string }, ['d']],
      [{ overdueAsOf: new Date().toISOString() }, ['b', 'a']],
      [{ overdueAsOf: '2025-09-04T02:00:00.000Z' }, ['b']],
      [{ kind: 'repair', open: 'true', branchId: service.group.id('EB1') }, ['c', 'a']],
      [{ source: 'elsewhere' }, []],
    ];
    for (const [query, expected] of cases)
      expect({ query, found: await contents('eb1.driver', query) }).toEqual({ query, found: expected });
  });

  it('refuses what it does not know instead of showing everything', async () => {
    for (const query of [
      'sort=content',
      'limit=0',
      'limit=201',
      'state=lost',
      'branch=EB1',
      'after=x',
      'open=perhaps',
      'kind=a&kind=b',
    ])
      expect({ query, status: (await service.get(`/api/v1/tickets?${query}`, 'eb1.driver')).status }).toEqual(
        { query, status: 400 },
      );
  });

  it('shows each ticket once through all pages, also while others come in', async () => {
    for (const sort of ['registeredAt', '-registeredAt', 'receivedAt', '-dueAt', 'number']) {
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const page = await list('eb1.driver', { sort, limit: '2', ...(after === null ? {} : { after }) });
        seen.push(...(page['items'] as Json[]).map(({ content }) => content as string));
        after = page['next'] as string | null;
        if (seen.length === 2) await service.ticket({ content: 'new' });
      } while (after !== null);
      const known = seen.filter((content) => content !== 'new');
      expect({ sort, known: [...known].sort() }).toEqual({ sort, known: ['a', 'b', 'c', 'd'] });
    }
  });
});

describe('the plan of a list', () => {
  beforeAll(async () => {
    // Enough rows that a plan without an index would be dearer.
    await service.rows(
      `insert into ticket (id, branch_id, number, kind, channel, priority, state, content, received_at, registered_at,
         registered_by, origin, version, due_at)
       select gen_random_uuid(), ($1::uuid[])[1 + i % 3], 'X-' || i, 'repair', 'hotline', 'routine',
         case when i % 10 = 0 then 'registered' else 'completed' end, 'x', now() - i * interval '1 minute',
         now() - i * interval '1 minute', 'spec', 'live', 1, now() + i * interval '1 minute'
       from generate_series(1, 30000) i`,
      [['EB1', 'EB2', 'NB1'].map((code) => service.group.id(code))],
    );
    await service.rows('analyze ticket');
  });

  /** The plan of the very statement of a list, under row-level security. */
  async function planOf(scope: Scope, query: Record<string, string>): Promise<string> {
    const { app } = service.running;
    const repository = app.get(TicketRepository, { strict: false });
    let plan: unknown;
    await app.get(Database, { strict: false }).read(scope, async (tx) => {
      const explaining: Tx = {
        ...tx,
        query: async (statement, values) => {
          const text = typeof statement === 'string' ? statement : statement.text;
          plan = await tx.query(`explain (format json) ${text}`, values);
          return [];
        },
      };
      await repository.list(explaining, ticketsQuery.parse(query));
    });
    return JSON.stringify(plan);
  }

  it.each<[string, Record<string, string>]>([
    ['latest first', {}],
    ['latest first, further on', { limit: '200' }],
    ['by receipt', { sort: 'receivedAt' }],
    ['by deadline', { sort: 'dueAt' }],
    ['of one state', { state: 'registered' }],
  ])('of one branch reads and orders by an index under row-level security: %s', async (_name, query) => {
    const plan = await planOf(scopeOf([service.group.id('EB2')]), query);
    expect(plan).toContain('Index Scan');
    expect(plan).not.toContain('"Node Type":"Sort"');
    expect(plan).not.toContain('"Node Type":"Seq Scan"');
  });

  it.each<[string, Record<string, string>]>([
    ['latest first', {}],
    ['by number', { number: 'X-17' }],
    ['of one branch', { branchId: '0197a2c4-5d00-7000-8000-000000000002' }],
  ])('of headquarters and of regions reads an index: %s', async (_name, query) => {
    const region = scopeOf(['EB1', 'EB2'].map((code) => service.group.id(code)));
    for (const scope of [scopeOf('*'), region])
      expect(await planOf(scope, query)).not.toContain('"Node Type":"Seq Scan"');
  });
});
