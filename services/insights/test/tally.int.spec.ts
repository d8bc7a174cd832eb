import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { scopeOf } from '@steward/platform';
import { eventually } from '@steward/testing';
import fc from 'fast-check';
import type { FigureRow } from '../src/figure/figure.repository.js';
import {
  at,
  CATEGORIES,
  CHANNELS,
  KINDS,
  question,
  registration,
  sets,
  SOURCES,
  step,
  take,
  type Known,
} from './tally.steps.js';
import { EAST, LATER, SITE, TallyWorld, WEST, type Question } from './tally.world.js';

let world: TallyWorld;
beforeAll(async () => {
  world = await TallyWorld.create();
}, 60_000);
afterAll(() => world?.close());
beforeEach(() => world.nextGeneration());

const total = async (question: Partial<Question> = {}): Promise<FigureRow> =>
  (await world.ask({ by: [], ...question }))[0]!;

/** As the route orders them, for rows that tell nothing of their order otherwise. */
const sorted = (rows: FigureRow[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

async function expectSame(question: Question): Promise<void> {
  const tallied = await world.ask(question);
  expect({ question, rows: sorted(tallied) }).toEqual({
    question,
    rows: sorted(await world.askWithoutTallies(question)),
  });
  if (question.by.length > 1 || question.scope) return;
  const { by, ...asked } = question;
  const lines = await world.worker.read({ read: '*', write: [], refs: '*' }, (tx) =>
    world.figures.lines(tx, world.selection(asked), by[0]),
  );
  const counted = tallied.map(({ [by[0]!]: value = null, ...figures }) => ({ value, figures }));
  expect({ question, counted }).toEqual({
    question,
    counted: lines.map(({ value, figures }) => ({ value, figures })),
  });
}

describe('GRP-01 figures with tallies', () => {
  it('equal those counted live after whatever happens to tickets, in any order with the summing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(registration, { minLength: 3, maxLength: 5 }),
        fc.array(step, { minLength: 4, maxLength: 20 }),
        fc.array(question, { minLength: 4, maxLength: 4 }),
        async (begun, steps, questions) => {
          await world.nextGeneration();
          // some tickets have ended and are summed when the rest begins
          const known: Known[] = [];
          for (const one of begun) await take(world, one, known);
          for (const which of [0, 1, 2])
            await take(world, { do: 'complete', which, at: at(500), onTime: which > 0 }, known);
          await world.cover();
          for (const [i, one] of steps.entries()) {
            await take(world, one, known);
            await expectSame(questions[i % questions.length]!);
          }
          for (const asked of questions) await expectSame(asked);
          await world.cover();
          for (const asked of questions) await expectSame(asked);
        },
      ),
      { numRuns: 50 },
    );
  }, 240_000);

  it('equal them for every set of dimensions, of any time and with every filter', async () => {
    await story();
    for (const by of sets)
      for (const asOf of [LATER, new Date(at(60)), new Date(at(1000))])
        for (const filter of [
          {},
          { kind: 'repair', channel: 'web' },
          { withoutCategory: true, fromMonth: '2026-02' },
          { source: 'old-system', toMonth: '2026-02' },
        ])
          await expectSame({ by, asOf, ...filter });
  }, 120_000);

  it('are taken from sums where these hold at the time asked for, and only there', async () => {
    await story();
    const before = await total();
    await world.rows('update ticket_tally set counts = (select array_agg(c + 1000) from unnest(counts) c)');
    expect(Number((await total())['received'])).toBeGreaterThan(Number(before['received']) + 1000);
    // judged when tickets of all these months were yet to end
    const asOf = new Date(at(60));
    expect(await total({ asOf })).toEqual((await world.askWithoutTallies({ by: [], asOf }))[0]);
    // another zone has other months
    const branches = [{ ...EAST, timeZone: 'UTC' }];
    expect(await total({ branches })).toEqual((await world.askWithoutTallies({ by: [], branches }))[0]);
    // sums of what was counted before a measure changed
    await world.rows(`update ticket_tally_cell set measures = 'of another version'`);
    expect(await total()).toEqual(before);
    expect(await world.cover()).toBeGreaterThan(0);
    expect(await total()).toEqual(before);
  });

  it('are summed anew by the months of a branch that moves to another zone', async () => {
    await story();
    const moved = { ...EAST, timeZone: 'America/Los_Angeles' };
    const questions = sets.slice(0, 4).map((by) => ({ by, branches: [moved, WEST] }));
    await world.cover([moved, WEST]);
    for (const asked of questions) await expectSame(asked);
    const zones = await world.rows('select distinct time_zone from ticket_tally_cell where generation = $1', [
      world.generation,
    ]);
    expect(zones.map(({ time_zone }) => time_zone as string).sort()).toEqual([
      'America/Los_Angeles',
      'America/New_York',
    ]);
  });
});

/** Sixty tickets of two branches over three months, most of them ended, all months summed. */
async function story(): Promise<string[]> {
  const ids: string[] = [];
  await world.run(async (tx) => {
    for (let i = 0; i < 60; i++) {
      const branch = i % 3 ? EAST : WEST;
      const received = at((i * 37) % (80 * 24));
      const ticket = { branch, received, site: i % 10 ? null : SITE, due: i % 4 ? at(900) : null };
      const told = { kind: KINDS[i % 2]!, channel: CHANNELS[(i >> 1) % 2]!, category: CATEGORIES[i % 3]! };
      const id = await world.register(tx, { ...ticket, ...told, source: SOURCES[i % 2]! });
      ids.push(id);
      const done = at(((i * 37) % (80 * 24)) + 50);
      if (i % 5) await world.complete(tx, id, done, i % 4 ? i % 2 === 0 : null);
      if (i % 7 === 0) await world.callBack(tx, await world.expectCallback(tx, id, branch, done), done);
      if (i % 9 === 0)
        await world.change(tx, id, { completed_at: null, first_reopened_at: done, on_time: null });
    }
  });
  await world.cover();
  return ids;
}

describe('GRP-01 tallies', () => {
  it('of a month go out of use with any change of its ended tickets, and no others do', async () => {
    const [first] = await story();
    expect(await world.wanted()).toEqual([]);
    const id = (
      await world.run((tx) =>
        tx.query<{ id: string }>(
          `select ticket_id id from ticket_fact where generation = $1 and completed_at is not null order by counted_at limit 1`,
          [world.generation],
        ),
      )
    )[0]!.id;
    await world.run((tx) => world.change(tx, first!, { due_at: at(901) })); // open before and after
    expect(await world.wanted()).toEqual([]);
    const changes: Record<string, () => Promise<unknown>> = {
      classified: () => world.run((tx) => world.change(tx, id, { kind: 'hazard' })),
      'deadline moved': () => world.run((tx) => world.change(tx, id, { due_at: at(902) })),
      'called back': () => world.run((tx) => world.expectCallback(tx, id, EAST, at(903))),
      reopened: () =>
        world.run((tx) => world.change(tx, id, { completed_at: null, first_reopened_at: at(903) })),
      'ended again': () => world.run((tx) => world.complete(tx, id, at(903))),
      'ended otherwise': () => world.run((tx) => world.change(tx, id, { cancelled_at: at(904) })),
      'by hand': () => world.rows(`update ticket_fact set channel = 'letter' where ticket_id = $1`, [id]),
      deleted: () => world.rows('delete from ticket_fact where ticket_id = $1', [id]),
    };
    for (const [change, make] of Object.entries(changes)) {
      await make();
      expect({ change, wanted: (await world.wanted()).map(({ month }) => month) }).toEqual({
        change,
        wanted: ['2026-01'],
      });
      await expectSame({ by: ['kind'] });
      await world.cover();
      await expectSame({ by: ['kind'] });
    }
  });

  it('of a month that is not long over are without detail until it is', async () => {
    await story();
    await world.rows('delete from ticket_tally_cell');
    const early = new Date('2026-02-03T00:00:00.000Z');
    await world.cover([EAST], early);
    const detailed = async () =>
      (await world.rows<{ n: number }>('select count(*)::int n from ticket_tally where cut = 0'))[0]!.n;
    expect(await detailed()).toBe(0);
    await expectSame({ by: ['kind', 'channel'] });
    await expectSame({ by: ['kind'] });
    await world.cover();
    expect(await detailed()).toBeGreaterThan(0);
    expect(await world.wanted()).toEqual([]);
    await expectSame({ by: ['kind', 'channel'] });
  });

  it('ORG-01 are seen by who sees the whole branch; who sees a site has its tickets counted', async () => {
    await story();
    await world.rows('update ticket_tally set counts = (select array_agg(c + 1000) from unnest(counts) c)');
    const received = async (units: string[], refs?: string[]): Promise<number> =>
      Number((await total({ scope: scopeOf(units, refs) }))['received']);
    expect(await received([EAST.id])).toBeGreaterThan(1000);
    expect(await received([SITE], [EAST.id, WEST.id])).toBe(6);
    expect(await received([])).toBe(0);
    const foreign = await world.ask({ by: ['branch'], scope: scopeOf([WEST.id]) });
    expect(foreign.map(({ branch }) => branch)).toEqual([WEST.id]);
  });

  it('are made for the build that serves only', async () => {
    await story();
    await world.rows('delete from ticket_tally_cell');
    const wanted = await world.wanted();
    await world.rows('update generation set active = active + 1');
    for (const one of wanted) await world.run((tx) => world.tallies.make(tx, world.generation, one));
    expect(await world.rows('select from ticket_tally_cell')).toEqual([]);
    await world.rows('update generation set active = $1', [world.generation]);
  });
});

describe('GRP-01 summing while tickets change', () => {
  const makeAll = (): Promise<unknown> =>
    eventually(
      () =>
        world.cover([EAST]).then(
          () => true,
          () => false,
        ),
      { timeoutMs: 30_000 },
    );
  const waitsForLock = (): Promise<unknown> =>
    eventually(
      async () =>
        (await world.rows(`select from pg_locks where locktype = 'advisory' and not granted`)).length > 0,
      { timeoutMs: 30_000 },
    );

  /** Begins a change and leaves it open; gives the way to end it. */
  async function underWay(work: Parameters<TallyWorld['run']>[0]): Promise<() => Promise<void>> {
    const begun = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    const done = world.run(async (tx) => {
      await work(tx);
      begun.resolve();
      await end.promise;
    });
    done.catch(begun.reject);
    await begun.promise;
    return async () => {
      end.resolve();
      await done;
    };
  }

  const ticket = { branch: EAST, received: at(10) };

  it('waits for a change that is under way, and counts it', async () => {
    const id = await world.run((tx) => world.register(tx, ticket));
    const finish = await underWay((tx) => world.complete(tx, id, at(20)));
    const making = makeAll();
    await waitsForLock();
    await finish();
    await making;
    expect(await total()).toMatchObject({ closed: '1', open: '0' });
    await expectSame({ by: ['month'] });
  });

  it('waits for a callback whose ticket ends meanwhile, unseen by it', async () => {
    const id = await world.run((tx) => world.register(tx, ticket));
    const finish = await underWay((tx) => world.expectCallback(tx, id, EAST, at(30)));
    await world.run((tx) => world.complete(tx, id, at(20)));
    const making = makeAll();
    await waitsForLock();
    await finish();
    await making;
    expect(await total()).toMatchObject({ closed: '1', callbacksDue: '1' });
  });

  it('is marked by a change that waited for it', async () => {
    const id = await world.run((tx) => world.register(tx, ticket));
    await world.run((tx) => world.complete(tx, id, at(20)));
    const [wanted] = await world.wanted([EAST]);
    const finish = await underWay((tx) => world.tallies.make(tx, world.generation, wanted!));
    const changing = world.run((tx) => world.change(tx, id, { completed_at: null }));
    await waitsForLock();
    await finish();
    await changing;
    expect(await total()).toMatchObject({ closed: '0', open: '1' });
    expect(await world.wanted([EAST])).toHaveLength(1);
  });

  it('lets changes of one month go on side by side', async () => {
    const ids = await world.run(async (tx) => [
      await world.register(tx, ticket),
      await world.register(tx, ticket),
    ]);
    await world.cover([EAST]);
    const finish = await underWay((tx) => world.complete(tx, ids[0]!, at(20)));
    await world.run((tx) => world.complete(tx, ids[1]!, at(20)));
    expect(await total()).toMatchObject({ closed: '1', open: '1' });
    await finish();
    expect(await total()).toMatchObject({ closed: '2' });
  });
});
