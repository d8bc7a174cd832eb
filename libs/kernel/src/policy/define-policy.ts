import { invalid } from '../domain-error.js';
import type { PolicyDefinition, PolicyType, PolicyValues } from './policy.js';

type Described<V> = Omit<PolicyDefinition<V>, 'type' | 'choices' | 'validate'>;
type PlainType = Exclude<PolicyType, 'choice' | 'object'>;
type PlainInput<T extends PlainType> = Described<PolicyValues[T]> &
  Readonly<{ type: T; validate?: (value: unknown) => PolicyValues[T] }>;
type ChoiceInput<C extends string> = Described<NoInfer<C>> &
  Readonly<{ type: 'choice'; choices: readonly C[] }>;
type ObjectInput<V> = Described<NoInfer<V>> & Readonly<{ type: 'object'; validate: (value: unknown) => V }>;

const PLACEHOLDER = /\{([a-zA-Z]+)\}/;
const KEY = /^[a-z][a-zA-Z0-9-]*(\.([a-zA-Z0-9-]+|\{[a-zA-Z]+\}))+$/;
const ARGUMENT = /^[^.{}\s]{1,100}$/;

/**
 * Declares a parameter (POL-01). The type decides the type of its value; `choice` needs `choices`, `object` a
 * `validate` that gives the typed value back (a schema's `parse` fits).
 * @throws DomainError `policy.bad-definition` for a key with more than one placeholder or no levels: a mistake
 * in the program, found when the module loads.
 */
export function definePolicy<T extends PlainType>(input: PlainInput<T>): PolicyDefinition<PolicyValues[T]>;
export function definePolicy<const C extends string>(input: ChoiceInput<C>): PolicyDefinition<C>;
export function definePolicy<V>(input: ObjectInput<V>): PolicyDefinition<V>;
export function definePolicy(input: PolicyDefinition): PolicyDefinition {
  if (!KEY.test(input.key) || input.key.split('{').length > 2) {
    throw invalid(
      'policy.bad-definition',
      `"${input.key}" is not a dotted key with at most one placeholder.`,
    );
  }
  if (input.levels.length === 0) {
    throw invalid('policy.bad-definition', `"${input.key}" names no level that may set it.`);
  }
  return Object.freeze({ ...input });
}

/**
 * The concrete key: `policyKey(def, {category: 'lift'})` fills the placeholder. An argument has no dots, braces or
 * white space, so that a key can be taken apart again.
 * @throws DomainError `policy.bad-key` when the argument is missing or cannot stand in a key.
 */
export function policyKey(
  definition: PolicyDefinition,
  params: Readonly<Record<string, string>> = {},
): string {
  const name = PLACEHOLDER.exec(definition.key)?.[1];
  if (name === undefined) return definition.key;
  const argument = params[name];
  if (argument === undefined || !ARGUMENT.test(argument)) {
    throw invalid('policy.bad-key', `"${definition.key}" needs a ${name} without dots, braces or spaces.`);
  }
  return definition.key.replace(PLACEHOLDER, () => argument);
}

/** The placeholder's argument in a concrete key (empty object where there is none); undefined for another key. */
export function matchPolicyKey(
  definition: PolicyDefinition,
  key: string,
): Record<string, string> | undefined {
  const name = PLACEHOLDER.exec(definition.key)?.[1];
  if (name === undefined) return key === definition.key ? {} : undefined;
  const [before, after] = definition.key.split(PLACEHOLDER.exec(definition.key)![0]) as [string, string];
  if (!key.startsWith(before) || !key.endsWith(after)) return undefined;
  const argument = key.slice(before.length, key.length - after.length);
  return ARGUMENT.test(argument) ? { [name]: argument } : undefined;
}

/** The definition that a concrete key belongs to; a key without placeholder goes before one with. */
export function findPolicyDefinition(
  definitions: readonly PolicyDefinition[],
  key: string,
): PolicyDefinition | undefined {
  return (
    definitions.find((each) => each.key === key) ?? definitions.find((each) => matchPolicyKey(each, key))
  );
}
