import fc from 'fast-check';
import { DIMENSIONS, type Dimension } from '../src/figure/figure.rules.js';
import { EAST, LATER, WEST, type Question, type Registration, type TallyWorld } from './tally.world.js';

/** Every set of dimensions. */
export const sets: Dimension[][] = DIMENSIONS.reduce<Dimension[][]>(
  (found, one) => [...found, ...found.map((set) => [...set, one])],
  [[]],
);
export const KINDS = ['repair', 'complaint'] as const;
export const CHANNELS = ['web', 'hotline'] as const;
export const CATEGORIES = ['noise', 'water-leak', null] as const;
export const SOURCES = ['old-system', null] as const;
/** Hours since the last two days of January in UTC, so that months turn within them, in both zones. */
export const at = (hours: number): string =>
  new Date(Date.UTC(2026, 0, 30) + Math.round(hours * 3_600_000)).toISOString();
const hours = fc.oneof(
  fc.integer({ min: 24, max: 60 }),
  fc.constantFrom(39.9999, 40, 52.9999, 53),
  fc.integer({ min: 0, max: 90 * 24 }),
);

const filter = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom(...KINDS) }) },
  { weight: 1, arbitrary: fc.record({ channel: fc.constantFrom(...CHANNELS) }) },
  { weight: 1, arbitrary: fc.record({ categoryCode: fc.constantFrom('noise', 'water-leak') }) },
  { weight: 1, arbitrary: fc.constantFrom({ withoutCategory: true }, { source: 'old-system' }) },
);
const months = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ fromMonth: fc.constantFrom('2026-01', '2026-02', '2026-03') }) },
  { weight: 1, arbitrary: fc.record({ toMonth: fc.constantFrom('2026-01', '2026-02', '2026-03') }) },
);
/** A question about figures, most without a filter. */
export const question = fc
  .record({
    by: fc.constantFrom(...sets),
    asOf: fc.oneof(
      { weight: 3, arbitrary: fc.constant(LATER) },
      { weight: 1, arbitrary: hours.map((h) => new Date(at(h))) },
    ),
    branches: fc.constantFrom([EAST, WEST], [EAST, WEST], [EAST], [WEST]),
    filter,
    months,
  })
  .map(({ filter, months, ...asked }): Question => ({ ...asked, ...filter, ...months }));

const which = fc.nat({ max: 7 });
export const registration = fc.record({
  do: fc.constant('register' as const),
  branch: fc.constantFrom(EAST, WEST),
  received: hours.map(at),
  kind: fc.constantFrom(...KINDS),
  channel: fc.constantFrom(...CHANNELS),
  category: fc.constantFrom(...CATEGORIES),
  source: fc.constantFrom(...SOURCES),
  due: fc.option(hours.map(at)),
  late: fc.option(hours.map(at), { freq: 5 }),
});
/** Something that happens to tickets, or the summing of what happened. */
export const step = fc.oneof(
  { weight: 3, arbitrary: registration },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('complete' as const),
      which,
      at: hours.map(at),
      onTime: fc.constantFrom(true, false, null),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), which, at: hours.map(at) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reopen' as const), which, at: hours.map(at) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('classify' as const),
      which,
      kind: fc.constantFrom(...KINDS),
      category: fc.constantFrom(...CATEGORIES),
      due: fc.option(hours.map(at)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('callback' as const),
      which,
      at: hours.map(at),
      result: fc.constantFrom('satisfied', 'unreachable', null),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('cover' as const),
      now: fc.constantFrom(LATER, new Date(at(800))),
    }),
  },
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
export type Known = { id: string; branch: Registration['branch'] };

export async function take(world: TallyWorld, one: Step, known: Known[]): Promise<void> {
  if (one.do === 'cover') return void (await world.cover([EAST, WEST], one.now));
  await world.run(async (tx) => {
    if (one.do === 'register') {
      known.push({ id: await world.register(tx, one), branch: one.branch });
      return;
    }
    const ticket = known[one.which % Math.max(1, known.length)];
    if (!ticket) return;
    const { id, branch } = ticket;
    if (one.do === 'complete') await world.complete(tx, id, one.at, one.onTime);
    if (one.do === 'cancel') await world.change(tx, id, { cancelled_at: one.at });
    if (one.do === 'reopen')
      await world.change(tx, id, { completed_at: null, first_reopened_at: one.at, on_time: null });
    if (one.do === 'classify')
      await world.change(tx, id, { kind: one.kind, category_code: one.category, due_at: one.due });
    if (one.do === 'callback') {
      const callback = await world.expectCallback(tx, id, branch, one.at);
      if (one.result) await world.callBack(tx, callback, one.at, one.result);
    }
  });
}
