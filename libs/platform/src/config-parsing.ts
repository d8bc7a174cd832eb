import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The exit code of a process whose configuration is wrong (`EX_CONFIG` of sysexits). */
const CONFIG_EXIT_CODE = 78;

/** A configuration that cannot be used. `problems` names every variable at fault, not only the first. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly exitCode = CONFIG_EXIT_CODE;

  constructor(readonly problems: readonly string[]) {
    super(
      `The configuration has ${problems.length} problem(s):\n${problems.map((line) => `  - ${line}`).join('\n')}`,
    );
  }
}

/** Environment variables by name, as in `process.env`. */
export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Gives a variable a value outside production mode only. With `NODE_ENV=production` the variable has to be set, so no
 * known secret or address of a developer's machine ever runs there.
 */
export function developmentDefault<T extends z.ZodType>(schema: T, value: string): T {
  return schema.meta({ ...schema.meta(), development: value });
}

/** Says what is wrong with a variable in the light of the others, given as their texts; undefined when nothing is. */
export type VariableCheck = (values: Readonly<Record<string, string>>) => string | undefined;

/** Adds a check of a variable against the others; its problem is listed with all the rest, under the variable's name. */
export function checked<T extends z.ZodType>(schema: T, check: VariableCheck): T {
  return schema.meta({ ...schema.meta(), check });
}

/** Whether the text of a variable switches something on; an absent one counts as `normal`. */
export function isOn(text: string | undefined, normal: boolean): boolean {
  return text === undefined ? normal : z.stringbool().safeParse(text).data === true;
}

type Shape = Record<string, z.ZodType>;

function fileValue(name: string, env: Env, problems: string[]): string | undefined {
  const path = env[`${name}_FILE`];
  if (!path) return undefined;
  if (env[name]) {
    problems.push(`${name}: both ${name} and ${name}_FILE are set; keep one`);
    return undefined;
  }
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    problems.push(
      `${name}: cannot read ${name}_FILE ${path} (${(error as NodeJS.ErrnoException).code ?? 'error'})`,
    );
    return undefined;
  }
}

function gather(shape: Shape, env: Env, problems: string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, schema] of Object.entries(shape)) {
    const fallback = env.NODE_ENV === 'production' ? undefined : schema.meta()?.development;
    const fromFile = fileValue(name, env, problems);
    const value = env[name] || fromFile || (fallback as string | undefined);
    if (value) values[name] = value;
  }
  return values;
}

function crossChecks(shape: Shape, values: Record<string, string>): string[] {
  return Object.entries(shape).flatMap(([name, schema]) => {
    const problem = (schema.meta()?.check as VariableCheck | undefined)?.(values);
    return problem ? [`${name}: ${problem}`] : [];
  });
}

function problemLine(issue: z.core.$ZodIssue, values: Record<string, string>): string {
  const name = String(issue.path[0] ?? 'environment');
  return values[name] === undefined && issue.code === 'invalid_type'
    ? `${name}: is not set (or ${name}_FILE)`
    : `${name}: ${issue.message}`;
}

/**
 * Reads a service's configuration from environment variables. Empty variables count as unset; any variable may come
 * from the file that `<NAME>_FILE` names (its last line break is cut). Throws `ConfigError` listing every problem;
 * the values themselves are never repeated in it, as they may be secrets.
 */
export function parseConfig<T extends Shape>(schema: z.ZodObject<T>, env: Env): z.output<z.ZodObject<T>> {
  const problems: string[] = [];
  const values = gather(schema.shape, env, problems);
  const result = schema.safeParse(values);
  if (!result.success) {
    const known = new Set(problems.map((line) => line.split(':')[0]));
    problems.push(
      ...result.error.issues
        .filter((issue) => !known.has(String(issue.path[0])))
        .map((issue) => problemLine(issue, values)),
    );
  }
  const named = new Set(problems.map((line) => line.split(':')[0]));
  problems.push(
    ...crossChecks(schema.shape, values).filter((line) => !named.has(line.slice(0, line.indexOf(':')))),
  );
  if (!result.success || problems.length > 0) throw new ConfigError(problems);
  return result.data;
}
