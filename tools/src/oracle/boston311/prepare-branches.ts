import { ApiError } from '../../demo/api-client.js';
import type { GatewayClient } from '../gateway-client.js';
import type { BranchPlan } from './branch-plan.js';
import { policiesOf, type Profile } from './profile.js';

type Unit = Readonly<{ id: string; code: string }>;
type NewUnit = Readonly<{ kind: 'region' | 'branch'; parentId: string; code: string; name: string }> &
  Readonly<Record<string, string>>;
type Calendar = Readonly<{ id: string; name: string }>;

/** The units of a plan as the platform knows them. */
export type Branches = Readonly<{
  regionId: string;
  /** id of each branch by its code */
  ids: ReadonlyMap<string, string>;
}>;

const BATCH = 500;

/**
 * Makes what is missing: calendar, region with its policies, and only then the branches, so that whoever knows the
 * branches has been told the policies before. May be repeated: what is there is left alone.
 */
export async function prepareBranches(
  api: GatewayClient,
  plan: BranchPlan,
  profile: Profile,
): Promise<Branches> {
  const calendarId = await defineCalendar(api, profile);
  const [group] = await collect(api.list<Unit>('/units', { kind: 'group' }));
  if (!group) throw new Error('the platform has no group to hang a region on');
  const { locale } = profile;
  const { timeZone } = profile.calendar.calendar;
  const place = { timeZone, locale };
  const region = { kind: 'region' as const, parentId: group.id, ...plan.region, ...place, calendarId };
  const regionId = (await registerUnit(api, region)).id;
  await setPolicies(api, regionId, profile);
  const known = await collect(api.list<Unit>('/units', { parentId: regionId }));
  const ids = new Map(known.map(({ code, id }) => [code, id]));
  for (const [code, name] of plan.branches) {
    if (ids.has(code)) continue;
    ids.set(code, (await registerUnit(api, { kind: 'branch', parentId: regionId, code, name, ...place })).id);
  }
  return { regionId, ids };
}

async function defineCalendar(
  api: GatewayClient,
  { calendar, effectiveFrom, reason }: Profile,
): Promise<string> {
  for await (const { id, name } of api.list<Calendar>('/calendars')) if (name === calendar.name) return id;
  return (await api.post<Calendar>('/calendars', { ...calendar, effectiveFrom, reason })).id;
}

/** Gives the unit of this code; somebody else may be making it at the same moment. */
async function registerUnit(api: GatewayClient, unit: NewUnit): Promise<Unit> {
  const find = async () => (await collect(api.list<Unit>('/units', { code: unit.code })))[0];
  const known = await find();
  if (known) return known;
  try {
    return await api.post<Unit>('/units', unit);
  } catch (error) {
    const made = error instanceof ApiError && error.status === 409 ? await find() : undefined;
    if (!made) throw error;
    return made;
  }
}

async function setPolicies(api: GatewayClient, unitId: string, profile: Profile): Promise<void> {
  const values = policiesOf(profile).map((value) => ({ ...value, unitId }));
  for (let at = 0; at < values.length; at += BATCH)
    await api.post('/policies/batch', { reason: profile.reason, values: values.slice(at, at + BATCH) });
}

async function collect<T>(items: AsyncGenerator<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
