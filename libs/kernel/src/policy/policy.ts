import type { Duration } from '../duration.js';
import type { MoneyJson } from '../money.js';
import type { Role, UnitKind } from '../roles.js';

/** Type of a parameter's value. */
export type PolicyType =
  'integer' | 'decimal' | 'money' | 'boolean' | 'text' | 'duration' | 'choice' | 'percent' | 'object';

/** Levels on which a value can be set; a site takes its branch's. */
export type PolicyLevel = Exclude<UnitKind, 'site'>;

/** The value of each type, in its JSON form: decimals and percentages are exact text (`"80"` is 80 %). */
export type PolicyValues = {
  integer: number;
  decimal: string;
  money: MoneyJson;
  boolean: boolean;
  text: string;
  duration: Duration;
  choice: string;
  percent: string;
  object: unknown;
};

/** One named parameter of the rules (POL-01). `key` may hold one placeholder: `tickets.sla.category.{category}.resolve`. */
export type PolicyDefinition<V = unknown> = Readonly<{
  key: string;
  type: PolicyType;
  /** What a number counts (`minutes`, `days`, `CNY`); for people, not used in calculation. */
  unit?: string;
  /** The value where nobody set one; left out = none, and a feature that needs it fails with `policy.missing`. */
  default?: V;
  /** Whether a higher level can lock its value against the levels below. */
  lockable: boolean;
  description: string;
  /** Where the rule comes from: a document and paragraph, or `practice`. */
  source: string;
  /** Levels that may set it. */
  levels: readonly PolicyLevel[];
  choices?: readonly string[];
  /** Extra check; for `object` it gives the typed value back or throws. */
  validate?: (value: unknown) => V;
}>;

/** A value as somebody set it. `value: null` withdraws the unit's value from that date on. */
export type PolicyValue = Readonly<{
  key: string;
  unitId: string;
  unitKind: UnitKind;
  value: unknown;
  effectiveFrom: Date;
  version: number;
  locked: boolean;
}>;

/** The units above a record, from the group down; what is left out has no value of its own. */
export type PolicyPath = Readonly<{
  groupId: string;
  regionId?: string | undefined;
  branchId?: string | undefined;
}>;

/** A value in force, with the version to record beside the decision (POL-03). A default has version 0. */
export type ResolvedPolicy<V> = Readonly<{
  value: V;
  version: number;
  from: PolicyLevel | 'default';
  effectiveFrom: Date;
}>;

/** Who may set a value on each level; named in `policy.missing` and used by the guard of policy changes. */
export const POLICY_SETTERS: Readonly<Record<PolicyLevel, readonly Role[]>> = {
  group: ['hq-admin'],
  region: ['hq-admin', 'general-manager'],
  branch: ['hq-admin', 'general-manager', 'branch-manager'],
};
