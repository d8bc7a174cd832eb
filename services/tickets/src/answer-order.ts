import type { z } from 'zod';

/**
 * An answer with its fields in the order of its schema. The database gives a stored answer back in an order of its own,
 * and a repeated command is to be answered to the byte like the first.
 */
export const inOrder = <T extends z.ZodType>(schema: T, answer: z.output<T>): z.output<T> =>
  schema.parse(answer);
