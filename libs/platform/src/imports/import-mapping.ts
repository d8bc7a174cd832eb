import { z } from 'zod';
import { compileDateFormat, hasOffset } from './reading/local-date.js';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const column = z.string().min(1).describe('Name of a column of the file, as its header writes it.');

const zone = z
  .string()
  .refine(isZone, 'is not a time zone')
  .describe('Zone of times written without offset.');

const format = z
  .string()
  .max(60)
  .superRefine((text, ctx) => {
    try {
      compileDateFormat(text);
    } catch (error) {
      ctx.addIssue({ code: 'custom', message: (error as Error).message });
    }
  });

const dateRule = z
  .strictObject({
    zone: zone.optional(),
    formats: z
      .array(format)
      .min(1)
      .optional()
      .describe('Tried in order; ISO 8601 is always understood as well.'),
    as: z.enum(['instant', 'date']).default('instant').describe('date: the day alone, without any zone.'),
  })
  .refine((rule) => rule.as === 'date' || rule.zone !== undefined || everyFormatHasOffset(rule.formats), {
    message: 'needs a zone, as not every format has an offset',
    path: ['zone'],
  });

const blank = {
  emptyAs: scalar.optional().describe('Value of a blank cell; without it the field is left out.'),
  required: z.boolean().optional().describe('A blank cell rejects its row.'),
  optional: z.boolean().optional().describe('The column may be missing from the file.'),
};

const rule = z.union([
  z.strictObject({ constant: scalar }),
  z.strictObject({ column, ...blank }),
  z.strictObject({
    column,
    values: z.record(z.string(), scalar),
    otherwise: scalar
      .optional()
      .describe('Value of a cell that `values` does not list; without it the row is rejected.'),
    ...blank,
  }),
  z.strictObject({ column, date: dateRule, ...blank }),
  z.strictObject({ column, slug: z.literal(true), ...blank }),
  z.strictObject({ join: z.array(column).min(1), separator: z.string().default(' '), ...blank }),
]);

/** How foreign columns become the target fields of a kind. */
export const importMapping = z
  .strictObject({
    source: z
      .string()
      .min(1)
      .max(60)
      .optional()
      .describe('Where the rows come from; ids are unique per source.'),
    externalId: column.optional().describe('The column that identifies a row in its source.'),
    branch: z
      .strictObject({
        column: column.optional(),
        values: z.record(z.string(), z.string()).optional().describe('Branch code by value of the column.'),
        otherwise: z.string().optional().describe('Branch code of a value that `values` does not list.'),
        default: z.string().optional().describe('Branch code of a blank cell.'),
      })
      .optional(),
    fields: z.record(z.string(), rule),
    ignore: z.array(column).optional().describe('Columns that are left out on purpose.'),
  })
  .meta({ id: 'ImportMapping' });

export type ImportMapping = z.infer<typeof importMapping>;
export type FieldRule = z.infer<typeof rule>;
export type DateRule = z.infer<typeof dateRule>;
export type Scalar = z.infer<typeof scalar>;

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function everyFormatHasOffset(formats: readonly string[] | undefined): boolean {
  return formats?.every(hasOffset) ?? false;
}

/** The columns of the file that a rule reads. */
export function columnsOf(fieldRule: FieldRule): readonly string[] {
  if ('join' in fieldRule) return fieldRule.join;
  return 'column' in fieldRule ? [fieldRule.column] : [];
}
