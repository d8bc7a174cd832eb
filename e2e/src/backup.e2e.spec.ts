import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { eventually } from '@steward/testing';
import { PlatformUnderTest } from '../test/platform-under-test.js';
import { runCommand } from '../test/run-command.js';

type Unit = { id: string; code: string };
type Ticket = { id: string; number: string; version: number; state: string; branchId: string };
type Figures = {
  rows: { branchCode: string; figures: Record<string, number> }[];
  total: Record<string, number>;
};
type Rebuild = { building: number | null; compared: { equal: boolean; facts: number } | null };
type AuditPage = { items: { actor: string; reason: string | null }[] };

const SOON = { timeoutMs: 60_000, intervalMs: 200 };
const SERVICES = ['organisation', 'tickets', 'insights'];

let platform: PlatformUnderTest;
let folder: string;

const branchIds = new Map<string, string>();
const register = async (branch: string): Promise<Ticket> => {
  const clerk = await platform.as(`${branch.toLowerCase()}.clerk`);
  const body = {
    branchId: branchIds.get(branch),
    kind: 'complaint',
    channel: 'hotline',
    content: 'It is loud.',
  };
  return clerk.post<Ticket>('/tickets', body);
};

const cancel = async (ticket: Ticket): Promise<void> => {
  const answer = await fetch(`${platform.addresses.gateway}/api/v1/tickets/${ticket.id}/cancellation`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await platform.token('eb2.manager')}`,
      'content-type': 'application/json',
      'if-match': `"v${ticket.version}"`,
    },
    body: JSON.stringify({ reason: 'Registered twice.' }),
  });
  expect(answer.status).toBe(200);
};

const allTickets = async (): Promise<Ticket[]> => (await platform.as('hq.auditor')).all<Ticket>('/tickets');

const figuresOnce = async (received: number): Promise<Figures> => {
  const auditor = await platform.as('hq.auditor');
  return eventually(async () => {
    const figures = await auditor.get<Figures>('/figures/tickets?by=branch');
    if (figures.total['received'] !== received) throw new Error(JSON.stringify(figures.total));
    return figures;
  }, SOON);
};

const rowOf = (figures: Figures, branch: string) =>
  figures.rows.find((row) => row.branchCode === branch)?.figures;

const numbersOf = (tickets: readonly Ticket[], branch: string): number[] =>
  tickets
    .filter((ticket) => ticket.number.startsWith(`${branch}-`))
    .map((ticket) => Number(ticket.number.slice(-6)))
    .sort((one, other) => one - other);

const oneTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

beforeAll(async () => {
  platform = await PlatformUnderTest.create();
  folder = `${platform.folder}-backup`;
}, 30_000);
afterAll(async () => {
  await platform?.remove();
  for (const path of [folder, `${folder}.partial`]) await rm(path, { recursive: true, force: true });
}, 60_000);

describe('backup and restore of the embedded default', () => {
  let before: { tickets: Ticket[]; employees: unknown[]; eb2: unknown; token: string };

  it('ORG-02 GRP-01 backs the platform up while it runs and takes commands', async () => {
    await platform.start();
    const clerk = await platform.as('hq.admin');
    for (const { code, id } of await clerk.all<Unit>('/units')) branchIds.set(code, id);
    for (let n = 0; n < 3; n += 1) await register('EB1');
    await register('EB2');
    await cancel(await register('EB2'));
    const figures = await figuresOnce(5);
    before = {
      tickets: await allTickets(),
      employees: await clerk.all('/employees'),
      eb2: rowOf(figures, 'EB2'),
      token: await platform.token('hq.auditor'),
    };
    expect(before.eb2).toMatchObject({ received: 2, open: 1 });
    expect(await runCommand(platform, 'operate', 'audit')).toMatchObject({ code: 0 });

    let going = true;
    const load = (async () => {
      while (going) await register('EB1');
    })();
    const { code, stdout, stderr } = await runCommand(platform, 'backup', folder);
    going = false;
    await load;
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/tickets +\d+ rows/);
    expect((await allTickets()).length).toBeGreaterThan(before.tickets.length);
  }, 600_000);

  it('ORG-05 ORG-02 GRP-02 comes back from it after everything was lost: same figures, whole trail, numbers go on', async () => {
    expect(await platform.end('SIGINT')).toBe(0);
    await rm(platform.folder, { recursive: true });
    const restored = await runCommand(platform, 'restore', folder);
    expect(restored).toMatchObject({ code: 0, stderr: '' });
    await platform.start();

    const tickets = await allTickets();
    const count = numbersOf(tickets, 'EB1').length;
    expect(numbersOf(tickets, 'EB1')).toEqual(oneTo(count));
    expect(count).toBeGreaterThanOrEqual(3);
    expect(tickets).toEqual(expect.arrayContaining(before.tickets));
    const figures = await figuresOnce(tickets.length);
    expect(rowOf(figures, 'EB2')).toEqual(before.eb2);
    expect(rowOf(figures, 'EB1')).toMatchObject({ received: count, open: count });

    const admin = await platform.as('hq.admin');
    expect(await admin.all('/employees')).toEqual(before.employees);
    const next = await register('EB1');
    expect(Number(next.number.slice(-6))).toBe(count + 1);
    await figuresOnce(tickets.length + 1);
  }, 600_000);

  it('ORG-02 the trail is whole and tells of the restore; nothing is parked; a token from before still proves who calls', async () => {
    const admin = await platform.as('hq.admin');
    expect(await runCommand(platform, 'operate', 'audit')).toMatchObject({ code: 0 });
    for (const service of SERVICES) {
      expect(await admin.all(`/parked/${service}`)).toEqual([]);
      const trail = await admin.get<AuditPage>(`/audit/${service}?action=republish`);
      expect(trail.items).toEqual([
        expect.objectContaining({ reason: expect.stringMatching(/^Restored from the backup of /) }),
      ]);
      await eventually(
        async () => !(await admin.get<{ running: boolean }>(`/republications/${service}`)).running,
        SOON,
      );
    }
    const me = await fetch(`${platform.addresses.gateway}/api/v1/me`, {
      headers: { authorization: `Bearer ${before.token}` },
    });
    expect(me.status).toBe(200);
  }, 240_000);

  it('GRP-03 the figures are rebuilt from the refilled topics to the same ones', async () => {
    const admin = await platform.as('hq.admin');
    const facts = (await allTickets()).length;
    await admin.post<Rebuild>('/figures/tickets/rebuild', {});
    const ended = await eventually(async () => {
      const state = await admin.get<Rebuild>('/figures/tickets/rebuild');
      return state.building === null && state;
    }, SOON);
    expect(ended.compared).toMatchObject({ equal: true, facts });
    for (const service of SERVICES) expect(await admin.all(`/parked/${service}`)).toEqual([]);
  }, 240_000);

  it('does not go over a platform that runs, nor over the state of one that was stopped', async () => {
    expect(await runCommand(platform, 'restore', folder)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Stop it first'),
    });
    await platform.end('SIGINT');
    expect(await runCommand(platform, 'restore', folder)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--replace'),
    });
    expect(existsSync(`${platform.folder}/postgres/pgdata`)).toBe(true);
  }, 240_000);
});
