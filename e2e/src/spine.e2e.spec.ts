import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@steward/testing';
import { PlatformUnderTest } from '../test/platform-under-test.js';

type Unit = { id: string; code: string };
type Ticket = { id: string; number: string; version: number; state: string };
type Figures = {
  rows: { branchCode: string; figures: Record<string, number>; records: string }[];
  total: Record<string, number>;
};

let platform: PlatformUnderTest;
const numbers: string[] = [];

const register = async (): Promise<Ticket> => {
  const clerk = await platform.as('eb1.clerk');
  const [branch] = (await clerk.all<Unit>('/units')).filter((unit) => unit.code === 'EB1');
  const body = {
    branchId: branch!.id,
    kind: 'complaint',
    channel: 'hotline',
    content: 'The lift stands still.',
  };
  const ticket = await clerk.post<Ticket>('/tickets', body);
  numbers.push(ticket.number);
  return ticket;
};

const countedAtHeadquarters = async (count: number): Promise<Figures> => {
  const auditor = await platform.as('hq.auditor');
  return eventually(
    async () => {
      const figures = await auditor.get<Figures>('/figures/tickets?by=branch');
      return figures.total['received'] === count && figures;
    },
    { timeoutMs: 30_000 },
  );
};

beforeAll(async () => {
  platform = await PlatformUnderTest.create();
}, 30_000);
afterAll(async () => {
  await platform?.remove();
}, 60_000);

describe('the spine, started as people start it', () => {
  it('TKT-02 FLW-12 GRP-01 a ticket taken in at the gateway is in headquarters figures within seconds (one process)', async () => {
    await platform.start();
    const ticket = await register();
    expect(ticket.number).toMatch(/^EB1-T-\d{4}-000001$/);
    const figures = await countedAtHeadquarters(1);
    expect(figures.rows).toHaveLength(1);
    expect(figures.rows[0]).toMatchObject({
      branchCode: 'EB1',
      figures: { received: 1, open: 1, closed: 0 },
    });
    const auditor = await platform.as('hq.auditor');
    const behind = await auditor.get<{ items: { number: string }[] }>(
      figures.rows[0]!.records.replace('/api/v1', ''),
    );
    expect(behind.items.map((item) => item.number)).toEqual([ticket.number]);
  }, 180_000);

  it('ORG-01 another branch neither sees the ticket nor its figure', async () => {
    const other = await platform.as('eb2.manager');
    expect(await other.all('/tickets')).toEqual([]);
    expect((await other.get<Figures>('/figures/tickets')).total['received']).toBe(0);
  }, 60_000);

  it('ORG-02 ORG-05 GRP-02 after a kill of everything it goes on as one process each: nothing lost, numbers continue', async () => {
    await platform.end('SIGKILL');
    await platform.start('--processes');
    await countedAtHeadquarters(1);
    const second = await register();
    expect(second.number).toMatch(/-000002$/);
    await countedAtHeadquarters(2);
    const supervisor = await platform.as('hq.auditor');
    for (const service of ['organisation', 'tickets', 'insights'])
      expect(await supervisor.get(`/audit/${service}/verification`)).toMatchObject({ ok: true, faults: [] });
  }, 240_000);

  it('GRP-03 the figures are rebuilt from the history to the same ones', async () => {
    const admin = await platform.as('hq.admin');
    type State = {
      active: number;
      building: number | null;
      compared: { equal: boolean; facts: number } | null;
    };
    const begun = await admin.post<State>('/figures/tickets/rebuild', {});
    const ended = await eventually(
      async () => {
        const state = await admin.get<State>('/figures/tickets/rebuild');
        return state.building === null && state;
      },
      { timeoutMs: 60_000, intervalMs: 200 },
    );
    expect(ended).toMatchObject({ active: begun.building, compared: { equal: true, facts: 2 } });
    await countedAtHeadquarters(2);
  }, 120_000);

  it('one OpenAPI document shows the routes of all services', async () => {
    const { gateway } = platform.addresses;
    const document = (await (await fetch(`${gateway}/openapi.json`)).json()) as {
      openapi: string;
      paths: object;
    };
    expect(document.openapi).toMatch(/^3\.1/);
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/api/v1/units',
        '/api/v1/tickets',
        '/api/v1/figures/tickets',
        '/api/v1/imports',
      ]),
    );
  }, 30_000);

  it('Ctrl-C ends every child: nobody listens any more', async () => {
    const { services } = platform.addresses;
    expect(await platform.end('SIGINT')).toBe(0);
    for (const url of Object.values(services)) await expect(fetch(url)).rejects.toThrow();
  }, 60_000);
});
