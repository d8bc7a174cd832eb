import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { OracleError } from '../oracle-error.js';

const decimal = z.string().regex(/^\d+(?:\.\d+)?$/);

const ratesSchema = z.strictObject({
  source: z.string(),
  item: z.strictObject({ code: z.string(), name: z.string(), medium: z.string(), measure: z.string() }),
  timeZone: z.string(),
  ownComparison: z.array(z.string().regex(/^\d{4}-\d{2}$/)),
  tariffs: z
    .array(
      z.strictObject({
        validFrom: z.iso.date(),
        document: z.string(),
        terms: z.strictObject({
          method: z.literal('per-meter-unit'),
          price: decimal,
          minimum: decimal,
          multiplier: decimal,
          currency: z.string(),
          per: z.literal('day'),
        }),
      }),
    )
    .min(1),
});

/** What bills of a source were priced by; see tools/profiles/nycha-water. */
export type Rates = z.output<typeof ratesSchema>;

/** Reads a file of rates. @throws OracleError with what is wrong. */
export async function loadRates(path: string): Promise<{ rates: Rates; text: string }> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new OracleError(`There is no file of tariffs ${path}.`);
  });
  const read = ratesSchema.safeParse(jsonOf(text));
  if (!read.success)
    throw new OracleError(`${path} is not a file of tariffs: ${z.prettifyError(read.error)}`);
  return { rates: read.data, text };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
