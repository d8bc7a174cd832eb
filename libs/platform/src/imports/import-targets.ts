import type { z } from 'zod';
import type { ImportMapping } from './import-mapping.js';
import type { TargetField } from './reading/read-plan.js';

/** The target fields of a kind; a field is required when its schema does not take nothing. */
export function targetsOf(schema: z.ZodObject): TargetField[] {
  return Object.entries(schema.shape).map(([name, field]) => ({
    name,
    required: !(field as z.ZodType).safeParse(undefined).success,
  }));
}

export type MappingProblem = Readonly<{ path: string; code: string; detail: string }>;

/** What is wrong with a mapping for these targets: unknown fields, and required ones that it leaves out. */
export function mappingProblems(mapping: ImportMapping, targets: readonly TargetField[]): MappingProblem[] {
  const known = new Set(targets.map(({ name }) => name));
  const unknown = Object.keys(mapping.fields).filter((name) => !known.has(name));
  const left = targets.filter(({ name, required }) => required && !(name in mapping.fields));
  return [
    ...unknown.map((name) => ({
      path: `mapping.fields.${name}`,
      code: 'import.unknown-field',
      detail: `There is no field "${name}"; the fields are ${[...known].join(', ')}.`,
    })),
    ...left.map(({ name }) => ({
      path: `mapping.fields.${name}`,
      code: 'import.missing-field',
      detail: `The field "${name}" is required and the mapping says nothing of it.`,
    })),
  ];
}

/** The problems of a schema, with those inside of alternatives: of each union, the alternative that came nearest. */
export function flatIssues(
  issues: readonly z.core.$ZodIssue[],
  prefix: readonly PropertyKey[] = [],
): MappingProblem[] {
  return issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    const nearest = issue.code === 'invalid_union' ? nearestOf(issue.errors) : undefined;
    if (nearest) return flatIssues(nearest, path);
    return [
      { path: path.map(String).join('.'), code: issue.code.replaceAll('_', '-'), detail: issue.message },
    ];
  });
}

const depthOf = (issues: readonly z.core.$ZodIssue[]): number =>
  Math.max(...issues.map(({ path }) => path.length));

function nearestOf(
  alternatives: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined {
  return alternatives
    .filter((issues) => issues.length > 0)
    .toSorted((a, b) => a.length - b.length || depthOf(b) - depthOf(a))[0];
}
