import addFormats from 'ajv-formats';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Schema } from '../api-operations.js';

const ajv = new Ajv2020({ strict: false, allErrors: false });
(addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
ajv.addFormat('binary', true);

const compiled = new WeakMap<Schema, ValidateFunction>();

/** Whether a value satisfies a resolved schema of the document. */
export function fits(schema: Schema, value: unknown): boolean {
  let check = compiled.get(schema);
  if (!check) compiled.set(schema, (check = ajv.compile(schema)));
  return check(value);
}

/** Whether the text of a parameter satisfies its schema, read as its type. */
export function textFits(schema: Schema, text: string): boolean {
  const { type } = schema;
  if (type === 'integer' || type === 'number') return fits(schema, Number(text));
  return fits(schema, text);
}

const REFUSED = /\u0000|\p{Surrogate}/u;

/** Whether a JSON value holds what no body may hold, whatever its schema says: NUL, half characters, `__proto__`. */
export function holdsRefused(value: unknown): boolean {
  if (typeof value === 'string') return REFUSED.test(value);
  if (value === null || typeof value !== 'object') return false;
  return Object.entries(value).some(
    ([name, item]) => name === '__proto__' || REFUSED.test(name) || holdsRefused(item),
  );
}
