import type { FigureLine } from '../figure/figure.rules.js';
import { rateBeyond, rateOf } from '../figure/rate.rules.js';

/** What the figures of a closed month are kept by. */
export const KEPT_DIMENSIONS = ['total', 'kind', 'category', 'currency'] as const;
export type KeptDimension = (typeof KEPT_DIMENSIONS)[number];

/** What tickets of a statement can be told apart by; money is told by currency. */
export const STATEMENT_DIMENSIONS = ['total', 'kind', 'category'] as const satisfies readonly KeptDimension[];
export type StatementDimension = (typeof STATEMENT_DIMENSIONS)[number];

/** One figure of a closed month, and whether the same records still make it up. */
export type Compared = Readonly<{ asClosed: bigint; now: bigint; opens: boolean }>;
export type ComparedLine<Name extends string> = Readonly<{
  value: string | null;
  figures: Readonly<Record<Name, Compared>>;
}>;

/**
 * Sets the figures kept at a closing beside those of now; `again` are the figures of the same question, judged at the
 * closing with what is known now. A value that one of them does not have counts as zero there.
 */
export function comparedLines<Name extends string>(
  names: readonly Name[],
  { kept, now, again }: Readonly<Record<'kept' | 'now' | 'again', readonly FigureLine<Name>[]>>,
): ComparedLine<Name>[] {
  const [keptBy, nowBy, againBy] = [byValue(kept), byValue(now), byValue(again)];
  const values = [...new Set([...keptBy.keys(), ...nowBy.keys()])].sort(nullFirst);
  return values.map((value) => ({
    value,
    figures: Object.fromEntries(
      names.map((name) => [
        name,
        {
          asClosed: BigInt(keptBy.get(value)?.figures[name] ?? 0),
          now: BigInt(nowBy.get(value)?.figures[name] ?? 0),
          opens: (keptBy.get(value)?.digests[name] ?? null) === (againBy.get(value)?.digests[name] ?? null),
        },
      ]),
    ) as Record<Name, Compared>,
  }));
}

type Lines<Name extends string> = ReadonlyMap<string | null, FigureLine<Name>>;

const byValue = <Name extends string>(lines: readonly FigureLine<Name>[]): Lines<Name> =>
  new Map(lines.map((line) => [line.value, line]));

const nullFirst = (a: string | null, b: string | null): number =>
  a === null ? -1 : b === null ? 1 : a < b ? -1 : 1;

export type ComparedRate = Readonly<{
  asClosed: string | null;
  now: string | null;
  correction: string | null;
}>;

/** The share of one figure in another, as closed and now. */
export function comparedRate(part: Compared, whole: Compared): ComparedRate {
  const [asClosed, now] = [rateOf(part.asClosed, whole.asClosed), rateOf(part.now, whole.now)];
  return { asClosed, now, correction: rateBeyond(now, asClosed) };
}
