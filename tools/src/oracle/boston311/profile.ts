import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CATEGORY_RESOLVE, CLOCK_PROFILE } from '@steward/contracts';
import { policyKey, type BusinessCalendar, type ClockProfile, type Duration } from '@steward/kernel';
import { PROFILE_FOLDER } from './mapping.js';

/** The allowance of one type of ticket; `rows` and `met` tell what it was fitted on and how many rows it meets. */
export type TypeAllowance = Readonly<{
  type: string;
  /** the department of the source that answers for it */
  reason: string;
  category: string;
  allowance: Duration;
  rows: number;
  met: number;
  note?: string;
}>;

/** What the city promises, as it is set for the region of its branches. */
export type Profile = Readonly<{
  reason: string;
  effectiveFrom: string;
  locale: string;
  calendar: Readonly<{ name: string; calendar: BusinessCalendar }>;
  clock: ClockProfile;
  allowances: readonly TypeAllowance[];
}>;

/** A value for `POST /policies/batch`. */
export type PolicyWish = Readonly<{ key: string; value: unknown; effectiveFrom: string }>;

/** Reads the committed profile; gives its text as well, which decides deadlines. */
export async function loadProfile(folder = PROFILE_FOLDER): Promise<{ profile: Profile; text: string }> {
  const text = await readFile(join(folder, 'profile.json'), 'utf8');
  return { profile: JSON.parse(text) as Profile, text };
}

/** The profile as policies: how the clock runs, and one allowance per type. */
export function policiesOf({ clock, allowances, effectiveFrom }: Profile): PolicyWish[] {
  return [
    { key: CLOCK_PROFILE.key, value: clock, effectiveFrom },
    ...allowances.map(({ category, allowance }) => ({
      key: allowanceKey(category),
      value: allowance,
      effectiveFrom,
    })),
  ];
}

/** The parameter that holds the allowance of a category. */
export const allowanceKey = (category: string): string => policyKey(CATEGORY_RESOLVE, { category });

const found = new WeakMap<Profile, ReadonlyMap<string, Duration>>();

/** The allowance of a category, if the profile has one; asked for every row, so the table is made once. */
export function allowanceOf(profile: Profile, category: string | null): Duration | undefined {
  const known = found.get(profile);
  const table = known ?? new Map(profile.allowances.map((each) => [each.category, each.allowance]));
  if (!known) found.set(profile, table);
  return category === null ? undefined : table.get(category);
}
