import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { DomainError, type FieldProblem } from '@steward/kernel';

type Issue = Readonly<{
  message: string;
  code?: string;
  params?: Readonly<Record<string, unknown>>;
  path?: readonly (PropertyKey | Readonly<{ key: PropertyKey }>)[];
}>;

const MAX_FIELDS = 50;

const CODES: Readonly<Record<string, DomainError['code']>> = {
  body: 'request.invalid-body',
  query: 'request.invalid-query',
  param: 'request.invalid-path',
};

const MAX_TEXT = 200;

// Names of fields are the caller's, who may have made them long.
const shortened = (words: string): string =>
  words.length > MAX_TEXT ? `${words.slice(0, MAX_TEXT)}…` : words;

const segment = (part: PropertyKey | Readonly<{ key: PropertyKey }>): string =>
  shortened(String(typeof part === 'object' ? part.key : part));

function fieldProblem(issue: Issue, prefix: string | undefined): FieldProblem {
  const own = issue.params?.code;
  const code = typeof own === 'string' ? own : (issue.code ?? 'invalid').replaceAll('_', '-');
  const path = [...(prefix ? [prefix] : []), ...(issue.path ?? []).map(segment)].join('.');
  return { path, code, detail: shortened(issue.message) };
}

/** The refusal of a value that a schema does not accept; an issue's `params.problem` names a problem of its own. */
export function schemaProblem(issues: readonly Issue[], metadata: ArgumentMetadata): DomainError {
  const named = issues.map((issue) => issue.params?.problem).find((name) => typeof name === 'string');
  const fields = issues.slice(0, MAX_FIELDS).map((issue) => fieldProblem(issue, metadata.data));
  const code = named ?? CODES[metadata.type] ?? 'request.invalid';
  return new DomainError('invalid', code, 'Some fields of the request are not as they must be.', fields);
}

/** Checks parameters against their `schema` (`@Body({ schema })`, `@Query({ schema })`, `@Param('id', { schema })`). */
export class SchemaPipe implements PipeTransform {
  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    const schema = metadata.schema;
    if (!schema) return value;
    const result = schema['~standard'].validate(value);
    return result instanceof Promise
      ? result.then((late) => this.take(late, metadata))
      : this.take(result, metadata);
  }

  private take(
    result: Readonly<{ issues?: readonly unknown[] }> | Readonly<{ value: unknown }>,
    metadata: ArgumentMetadata,
  ): unknown {
    if ('issues' in result && result.issues) throw schemaProblem(result.issues as readonly Issue[], metadata);
    return (result as Readonly<{ value: unknown }>).value;
  }
}
