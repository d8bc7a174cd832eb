import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  TicketCancelled,
  TicketClassified,
  TicketCompleted,
  TicketPaused,
  TicketRegistered,
  TicketReopened,
  TicketResumed,
} from '@steward/contracts';
import type { BusinessCalendar } from '@steward/kernel';
import { eventually } from '@steward/testing';
import { MEASURE_NAMES } from '../src/figure/figure.rules.js';
import { InsightsUnderTest, TicketFacts, type Json } from './insights.harness.js';

const OFFICE: BusinessCalendar = {
  timeZone: 'Asia/Shanghai',
  week: { 1: [{ from: '09:00', to: '18:00' }], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] },
  holidays: {},
  makeUpDays: {},
};

let under: InsightsUnderTest;
let count = 0;

type Start = Partial<TicketRegistered> & { branch?: string };

const ticket = ({ branch = 'EB1', ...changes }: Start = {}): TicketFacts => {
  const number = `${branch}-T-2026-${String(++count).padStart(6, '0')}`;
  const receivedAt = changes.receivedAt ?? '2026-03-02T01:00:00.000Z';
  return new TicketFacts(under.group.id(branch), number).then(
    TicketRegistered,
    {
      number,
      kind: 'repair',
      channel: 'hotline',
      categoryCode: 'water-leak',
      siteId: null,
      priority: 'routine',
      receivedAt,
      registeredAt: receivedAt,
      dueAt: '2026-03-05T01:00:00.000Z',
      dueMissing: null,
      source: null,
      externalId: null,
      ...changes,
    },
    { time: new Date(receivedAt) },
  );
};
const completed = (facts: TicketFacts, completedAt: string, onTime: boolean | null): TicketFacts =>
  facts.then(TicketCompleted, { completedAt, dueAt: '2026-03-05T01:00:00.000Z', onTime });

const AS_OF = 'asOf=2026-03-10T00:00:00.000Z';

beforeAll(async () => {
  under = await InsightsUnderTest.start((group) => {
    group
      .calendar('office', OFFICE)
      .unit('group', 'HQ', { calendar: 'office' })
      .unit('region', 'East', { parent: 'HQ' })
      .unit('branch', 'EB1', { parent: 'East' })
      .unit('branch', 'EB2', { parent: 'East' })
      .unit('branch', 'NY1', { parent: 'HQ', timeZone: 'America/New_York' })
      .unit('site', 'EB1-S1', { parent: 'EB1' })
      .employee('hq.admin', 'hq-admin@HQ')
      .employee('hq.auditor', 'hq-auditor@HQ')
      .employee('east.manager', 'general-manager@East')
      .employee('eb1.manager', 'branch-manager@EB1')
      .employee('s1.manager', 'cs-manager@EB1-S1')
      .employee('eb1.clerk', 'cs-agent@EB1');
  });
  const all = [
    completed(ticket(), '2026-03-04T01:00:00.000Z', true),
    completed(ticket({ channel: 'web' }), '2026-03-06T01:00:00.000Z', false),
    ticket({ siteId: under.group.id('EB1-S1'), categoryCode: 'noise', kind: 'complaint' }),
    ticket({ dueAt: null, dueMissing: 'tickets.sla.repair.resolve', categoryCode: null }),
    ticket().then(TicketCancelled, { cancelledAt: '2026-03-03T01:00:00.000Z' }),
    completed(ticket({ branch: 'EB2' }), '2026-03-12T01:00:00.000Z', false),
    // 1 April 2026, 02:00 in Shanghai: a ticket of April for a branch there
    ticket({ branch: 'EB2', receivedAt: '2026-03-31T18:00:00.000Z' }),
    // the same instant is 31 March, 14:00 in New York: a ticket of March there
    ticket({ branch: 'NY1', receivedAt: '2026-03-31T18:00:00.000Z' }),
  ];
  await under.publish(all.flatMap((facts) => facts.messages));
}, 120_000);
afterAll(async () => {
  await under?.stop();
}, 60_000);

describe('figures', () => {
  it('GRP-01 GRP-02 counts per branch as computed by hand, judged at a given time', async () => {
    const body = await under.figures('hq.auditor', 'by=branch&asOf=2026-06-01T00:00:00.000Z', 8);
    const byBranch = Object.fromEntries(
      (body['rows'] as Json[]).map((row) => [row['branchCode'], row['figures']]),
    );
    expect(byBranch['EB1']).toEqual({
      received: 5, closed: 2, cancelled: 1, open: 2, onTime: 1, closedLate: 1, openOverdue: 1, overdue: 2, withoutDeadline: 1,
    }); // prettier-ignore
    expect(byBranch['EB2']).toMatchObject({ received: 2, closed: 1, open: 1, closedLate: 1 });
    expect(byBranch['NY1']).toMatchObject({ received: 1, open: 1 });
  });

  it('GRP-02 the past is judged as it was: what was completed later counts as open then', async () => {
    const body = await under.figures('hq.auditor', `by=branch&${AS_OF}`, 6);
    const eb2 = (body['rows'] as Json[]).find((row) => row['branchCode'] === 'EB2')!;
    expect(eb2['figures']).toMatchObject({ received: 1, closed: 0, open: 1, openOverdue: 1, overdue: 1 });
  });

  it("GRP-01 months are those of the branch's own time zone", async () => {
    const body = await under.figures('hq.auditor', 'by=branch,month&asOf=2026-06-01T00:00:00.000Z', 8);
    const cells = (body['rows'] as Json[]).map(
      (row) => `${row['branchCode']} ${row['month']} ${row['figures'].received}`,
    );
    expect(cells.sort()).toEqual(['EB1 2026-03 5', 'EB2 2026-03 1', 'EB2 2026-04 1', 'NY1 2026-03 1']);
    await under.figures('hq.auditor', 'fromMonth=2026-04&asOf=2026-06-01T00:00:00.000Z', 1);
    await under.figures('hq.auditor', 'toMonth=2026-03&asOf=2026-06-01T00:00:00.000Z', 7);
  });

  it('GRP-02 every figure of every cell opens to exactly the records that it counted', async () => {
    const question = `by=branch,category,channel,kind,month&asOf=2026-06-01T00:00:00.000Z`;
    const body = await under.figures('hq.auditor', question, 8);
    let opened = 0;
    for (const row of body['rows'] as Json[])
      for (const measure of MEASURE_NAMES) {
        const records = await under.records('hq.auditor', `${row['records']}&measure=${measure}`);
        expect([row['records'], measure, records.length]).toEqual([
          row['records'],
          measure,
          row['figures'][measure],
        ]);
        opened += 1;
      }
    expect(opened).toBeGreaterThan(40);
  }, 60_000);

  it('GRP-01 filters by region, kind, channel and category', async () => {
    const asOf = 'asOf=2026-06-01T00:00:00.000Z';
    await under.figures('hq.auditor', `regionId=${under.group.id('East')}&${asOf}`, 7);
    await under.figures('hq.auditor', `kind=complaint&${asOf}`, 1);
    await under.figures('hq.auditor', `channel=web&${asOf}`, 1);
    await under.figures('hq.auditor', `categoryCode=noise&${asOf}`, 1);
  });

  it('refuses what it does not know, precisely', async () => {
    for (const question of ['by=moon', 'asOf=yesterday', 'fromMonth=2026-13', 'branchId=x', 'bogus=1']) {
      const { status, body } = await under.get(`/api/v1/figures/tickets?${question}`, 'hq.auditor');
      expect([question, status, body['code']]).toEqual([question, 400, 'request.invalid-query']);
    }
  });
});

describe('scope', () => {
  it('ORG-01 each sees the figures and records of its own units only', async () => {
    const asOf = 'asOf=2026-06-01T00:00:00.000Z';
    await under.figures('east.manager', asOf, 7);
    await under.figures('eb1.manager', asOf, 5);
    await under.figures('s1.manager', asOf, 1);
    const foreign = `branchId=${under.group.id('EB2')}&${asOf}`;
    await under.figures('eb1.manager', foreign, 0);
    expect(await under.records('eb1.manager', `/api/v1/figures/tickets/records?${foreign}`)).toEqual([]);
  });

  it('ORG-01 no token, no role', async () => {
    for (const path of [
      '/api/v1/figures/tickets',
      '/api/v1/figures/tickets/records',
      '/api/v1/figures/tickets/rebuild',
    ]) {
      expect((await under.get(path, null)).status).toBe(401);
      expect((await under.get(path, 'eb1.clerk')).status).toBe(403);
      expect((await under.get(path, 'nobody')).status).toBe(403);
    }
    expect((await under.call('POST', '/api/v1/figures/tickets/rebuild', 'eb1.manager', {})).status).toBe(403);
  });
});

describe('folding', () => {
  it('GRP-03 classification, pause, resumption, completion and reopening fold to the last state', async () => {
    const facts = completed(
      ticket({ channel: 'letter', receivedAt: '2026-05-04T01:00:00.000Z' })
        .then(TicketClassified, {
          kind: 'hazard',
          categoryCode: 'gas',
          dueAt: '2026-05-05T01:00:00.000Z',
          dueMissing: null,
        })
        .then(TicketPaused, {
          reason: 'no-access',
          from: '2026-05-04T02:00:00.000Z',
          until: '2026-05-06T02:00:00.000Z',
          dueAt: '2026-05-07T01:00:00.000Z',
        })
        .then(TicketResumed, { resumedAt: '2026-05-05T02:00:00.000Z', dueAt: '2026-05-06T01:00:00.000Z' }),
      '2026-05-05T12:00:00.000Z',
      true,
    ).then(TicketReopened, {
      reopenedAt: '2026-05-05T13:00:00.000Z',
      reason: 'not-solved',
      dueAt: '2026-05-06T01:00:00.000Z',
    });
    await under.publish(facts.messages);
    const question = 'channel=letter&asOf=2026-05-06T00:00:00.000Z';
    await eventually(async () => {
      const [record] = await under.records('hq.auditor', `/api/v1/figures/tickets/records?${question}`);
      expect(record).toMatchObject({
        kind: 'hazard',
        categoryCode: 'gas',
        dueAt: '2026-05-06T01:00:00.000Z',
        completedAt: null,
        onTime: null,
      });
      return true;
    });
    expect((await under.figures('hq.auditor', question, 1))['total']).toMatchObject({
      open: 1,
      closed: 0,
      overdue: 0,
    });
  });

  it('GRP-03 repeats and a replay of everything change nothing', async () => {
    const before = await under.figures(
      'hq.auditor',
      'by=branch,month,category&asOf=2026-04-01T00:00:00.000Z',
      8,
    );
    const facts = completed(ticket({ channel: 'visit' }), '2026-03-04T01:00:00.000Z', true);
    await under.publish([...facts.messages, ...facts.messages]);
    await under.figures('hq.auditor', 'channel=visit&asOf=2026-06-01T00:00:00.000Z', 1);
    await under.publish(facts.messages);
    const mark = ticket({ channel: 'authority', receivedAt: '2026-05-20T01:00:00.000Z' });
    await under.publish(mark.messages);
    await under.figures('hq.auditor', 'channel=authority', 1);
    const after = await under.figures(
      'hq.auditor',
      'by=branch,month,category&asOf=2026-04-01T00:00:00.000Z',
      9,
    );
    const total = (body: Json): number => body['total'].received as number;
    expect(total(after) - total(before)).toBe(1);
  });
});

describe('rebuild', () => {
  const state = async (): Promise<Json> =>
    (await under.get('/api/v1/figures/tickets/rebuild', 'hq.auditor')).body;
  const rebuilt = async (): Promise<Json> =>
    eventually(
      async () => {
        const now = await state();
        return now['building'] === null && now;
      },
      { timeoutMs: 60_000, intervalMs: 100 },
    );
  const QUESTION = 'by=branch,category,channel,kind,month&asOf=2026-06-01T00:00:00.000Z';

  it('GRP-03 a new build gives identical figures; the old one serves meanwhile and is cleared away', async () => {
    const before = (await under.get(`/api/v1/figures/tickets?${QUESTION}`, 'hq.auditor')).body;
    const begun = await under.call('POST', '/api/v1/figures/tickets/rebuild', 'hq.admin', {});
    expect([begun.status, begun.body['active'], begun.body['building']]).toEqual([202, 1, 2]);
    const during = (await under.get(`/api/v1/figures/tickets?${QUESTION}`, 'hq.auditor')).body;
    expect(during['rows']).toEqual(before['rows']);
    const ended = await rebuilt();
    expect(ended).toMatchObject({ active: 2, building: null, compared: { equal: true, differing: 0 } });
    await eventually(async () => {
      const { body } = await under.get(`/api/v1/figures/tickets?${QUESTION}`, 'hq.auditor');
      expect(body).toMatchObject({ generation: 2, rows: before['rows'], total: before['total'] });
      return true;
    });
    await eventually(async () => {
      const { rows } = await under.admin.query('select distinct generation from ticket_fact');
      expect(rows).toEqual([{ generation: 2 }]);
      return true;
    });
  }, 90_000);

  it('GRP-03 a build that differs is given up and the one that serves goes on', async () => {
    await under.admin.query("update ticket_fact set channel = 'app' where channel = 'letter'");
    await under.call('POST', '/api/v1/figures/tickets/rebuild', 'hq.admin', {});
    const ended = await rebuilt();
    expect(ended).toMatchObject({ active: 2, compared: { equal: false, differing: 1 } });
    await under.figures('hq.auditor', 'channel=app', 1);
  }, 90_000);

  it('GRP-03 a rebuild survives a restart in the middle', async () => {
    await under.admin.query("update ticket_fact set channel = 'letter' where channel = 'app'");
    const begun = await under.call('POST', '/api/v1/figures/tickets/rebuild', 'hq.admin', {});
    await under.shutDown();
    await under.boot();
    expect(await rebuilt()).toMatchObject({ active: begun.body['building'], compared: { equal: true } });
  }, 120_000);
});
