import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';

export type Json = Record<string, unknown>;

/** Root of the repository. */
export const REPOSITORY = resolve(import.meta.dirname, '../../../..');

/**
 * The documents of a YAML file. Merge keys (`<<`) work, repeated keys are errors.
 * @throws Error naming the file and what is wrong in it
 */
export function readDocuments(file: string): Json[] {
  return parseDocuments(readFileSync(file, 'utf8'), file);
}

export function parseDocuments(text: string, name: string): Json[] {
  return [...parseAllDocuments(text, { merge: true })].map((document) => {
    const [error] = document.errors;
    if (error) throw new Error(`${name}: ${error.message}`);
    return document.toJS() as Json;
  });
}

/** The value at a path of keys; undefined where the path ends early. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>((node, key) => (node as Json | undefined)?.[key as string], value);
}

export const listAt = (value: unknown, ...path: (string | number)[]): Json[] =>
  (at(value, ...path) ?? []) as Json[];

export const textAt = (value: unknown, ...path: (string | number)[]): string => {
  const found = at(value, ...path);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
};

/** All objects below a value, itself included, with the path that leads to each. */
export function* objectsIn(value: unknown, path = ''): Generator<readonly [string, Json]> {
  if (value === null || typeof value !== 'object') return;
  if (!Array.isArray(value)) yield [path, value as Json];
  for (const [key, child] of Object.entries(value)) yield* objectsIn(child, path ? `${path}.${key}` : key);
}
