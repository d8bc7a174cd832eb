import { type FieldProblem, invalid } from '@steward/kernel';
import type { z } from 'zod';

/** Checks data against a schema and drops fields that it does not know; throws `event.invalid` with the paths. */
export function checkLenient<T>(schema: z.ZodType<T>, type: string, data: unknown): T {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  throw refusal(type, problemsOf(result.error));
}

/** Like `checkLenient`, but a field that the schema does not know, at any depth, is a problem as well. */
export function checkStrict<T>(schema: z.ZodType<T>, type: string, data: unknown): T {
  const result = schema.safeParse(data);
  const unknown = result.success ? unknownFields(data, result.data, '') : [];
  if (result.success && unknown.length === 0) return result.data;
  const problems = result.success ? [] : problemsOf(result.error);
  throw refusal(type, [
    ...problems,
    ...unknown.map((path) => ({ path, code: 'unknown-field', detail: 'unknown field' })),
  ]);
}

// Schemas hold no transforms, so what parsing left out of the value is exactly what the schema does not know.
// This finds it at any depth without a second, strict copy of each schema.
function unknownFields(given: unknown, known: unknown, path: string): string[] {
  if (typeof given !== 'object' || given === null || typeof known !== 'object' || known === null) return [];
  const found: string[] = [];
  const kept = known as Record<string, unknown>;
  for (const [field, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const at = path === '' ? field : `${path}.${field}`;
    if (Object.hasOwn(kept, field)) found.push(...unknownFields(value, kept[field], at));
    else found.push(at);
  }
  return found;
}

function problemsOf(error: z.ZodError): FieldProblem[] {
  return error.issues.map((issue) => ({
    path: issue.path.join('.'),
    code: issue.code.replaceAll('_', '-'),
    detail: issue.message,
  }));
}

// Names paths and what was expected, never the value: values do not belong in logs.
function refusal(type: string, problems: FieldProblem[]) {
  const list = problems.map(({ path, detail }) => `${path || '(data)'}: ${detail}`).join('; ');
  return invalid('event.invalid', `Data of ${type} breaks its schema: ${list}`, problems);
}
