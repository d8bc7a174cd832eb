import { createHash } from 'node:crypto';
import { MEASURES, MOMENTS } from '../figure/figure.rules.js';

/** Stands for what is counted and how it is judged: tallies of another set of measures are not used, and made anew. */
export const MEASURE_SET = createHash('sha256')
  .update(JSON.stringify([MEASURES, MOMENTS]))
  .digest('hex')
  .slice(0, 16);

/** What tickets of one branch and month are told apart by, in the order of the bits of PostgreSQL's `grouping`. */
export const PARTS = ['kind', 'channel', 'category_code', 'source'] as const;
export type Part = (typeof PARTS)[number];

/**
 * How finely a cell's tickets are summed, as `grouping` tells it: a bit is set for each part that is not told apart. A
 * total and one sum per value of each part are a few rows; by all parts at once there are nearly as many as tickets.
 */
export const cutBy = (parts: readonly Part[]): number =>
  PARTS.reduce((bits, part) => bits * 2 + (parts.includes(part) ? 0 : 1), 0);
export const WHOLE = cutBy([]);
export const DETAIL = cutBy(PARTS);

/** The coarsest sums that tell these parts apart. */
export const cutFor = (parts: ReadonlySet<Part>): number => (parts.size > 1 ? DETAIL : cutBy([...parts]));

/** The sums that a cell may have, as PostgreSQL's `grouping sets`. */
export const CUTS = [[], ...PARTS.map((part) => [part]), PARTS]
  .map((parts) => `(${parts.join(', ')})`)
  .join(', ');

/**
 * Sums by all parts are made when a month has ended so long ago. Before, tickets end all the time and the cell is counted
 * anew as often; the sums that a dashboard asks for suffice.
 */
export const DETAIL_AFTER = '7 days';
/** No month before is looked at: a mistyped year is not worth hundreds of empty cells. */
export const OLDEST = '50 years';
