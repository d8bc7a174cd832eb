import { instant } from '@steward/platform';
import { z } from 'zod';

/** What a row of figures tells of the closing of its month. */
export const closedFields = {
  closedAt: instant()
    .nullable()
    .describe(
      'When the month of the branch was closed; null if it is open, or the row is not of one of both.',
    ),
  statement: z
    .string()
    .nullable()
    .describe('Address of the closing statement: the figures as they were closed, and what came since.'),
};
export type ClosedFields = Readonly<{ closedAt: string | null; statement: string | null }>;
