import { eventually } from '@steward/testing';
import { signInPerson } from '../token/fetch-token.js';
import { ApiClient } from './api-client.js';
import { demoGroup, type DemoEmployee, type DemoGroup } from './demo-group.js';

/** Where to load it, and how its administrator signs in. */
export type DemoTarget = Readonly<{ gatewayUrl: string; issuer: string; password: string }>;

const SOON = { timeoutMs: 60_000, intervalMs: 200 };

type Known = { id: string; version: number };
type Unit = Known & { code: string; calendarId: string | null };
type Employee = Known & { subject: string; name: string | null };
type Grant = { employeeId: string; role: string; unitId: string };
type Category = { branchId: string; code: string };
type Calendar = { id: string; name: string };

/**
 * Makes what is missing of the demo group through the API, as an administrator would. May be called again after it was
 * interrupted: what is there is left alone. Gives the id of each unit by its code.
 */
export async function loadDemoGroup(
  target: DemoTarget,
  group: DemoGroup = demoGroup,
): Promise<Record<string, string>> {
  const { issuer, password, gatewayUrl } = target;
  const { token } = await signInPerson({ issuer, login: group.administrator, password });
  const api = new ApiClient(`${gatewayUrl}/api/v1`, token);
  // the administrator's own role may take a moment to be known
  const existing = await eventually(() => api.all<Unit>('/units'), SOON);
  const calendarId = await defineCalendar(api, group);
  const units = await registerUnits(api, group, existing, calendarId);
  await api.post('/policies/batch', policiesOf(group));
  await registerEmployees(api, group, units);
  await defineCategories(api, group, units);
  return Object.fromEntries(units);
}

const policiesOf = ({ policies: { effectiveFrom, reason, values } }: DemoGroup) => ({
  reason,
  values: values.map((value) => ({ ...value, effectiveFrom })),
});

/** The service of tickets learns of a new branch, and of who may do what there, a moment later. */
async function defineCategories(
  api: ApiClient,
  group: DemoGroup,
  units: ReadonlyMap<string, string>,
): Promise<void> {
  const existing = await eventually(() => api.all<Category>('/categories'), SOON);
  const known = new Set(existing.map(({ branchId, code }) => `${branchId} ${code}`));
  for (const { code: branch } of group.units.filter(({ kind }) => kind === 'branch')) {
    const branchId = units.get(branch);
    for (const category of group.categories.filter(({ code }) => !known.has(`${branchId} ${code}`))) {
      await eventually(() => api.post<Category>('/categories', { branchId, ...category }), SOON);
    }
  }
}

async function defineCalendar(api: ApiClient, { calendar }: DemoGroup): Promise<string> {
  const existing = (await api.all<Calendar>('/calendars')).find(({ name }) => name === calendar.name);
  return (existing ?? (await api.post<Calendar>('/calendars', calendar))).id;
}

/** Gives the id of each unit by its code. */
async function registerUnits(
  api: ApiClient,
  group: DemoGroup,
  existing: readonly Unit[],
  calendarId: string,
): Promise<Map<string, string>> {
  const ids = new Map(existing.map(({ code, id }) => [code, id]));
  const top = existing.find(({ code }) => code === group.group.code);
  if (!top) throw new Error(`the group ${group.group.code} is not there`);
  if (!top.calendarId) await api.patch(`/units/${top.id}`, top.version, { calendarId });
  for (const { code, kind, name, parent } of group.units) {
    if (ids.has(code)) continue;
    const branch = kind === 'branch' ? { timeZone: group.timeZone, locale: group.locale, calendarId } : {};
    const unit = await api.post<Unit>('/units', { kind, parentId: ids.get(parent), code, name, ...branch });
    ids.set(code, unit.id);
  }
  return ids;
}

async function registerEmployees(
  api: ApiClient,
  group: DemoGroup,
  units: ReadonlyMap<string, string>,
): Promise<void> {
  const employees = new Map(
    (await api.all<Employee>('/employees')).map((employee) => [employee.subject, employee]),
  );
  const granted = new Set((await api.all<Grant>('/grants')).map(keyOf));
  for (const person of [...group.employees, ...group.partners]) {
    const known = employees.get(person.login);
    const employee = known ?? (await register(api, person, units));
    // the service makes the first administrator itself, and knows no name for him
    if (known && known.name !== person.displayName)
      await api.patch(`/employees/${known.id}`, known.version, {
        name: person.displayName,
        phone: person.phone,
      });
    for (const { role, unit } of person.grants) {
      const unitId = units.get(unit)!;
      if (!granted.has(keyOf({ employeeId: employee.id, role, unitId })))
        await api.post(`/employees/${employee.id}/grants`, { role, unitId });
    }
  }
}

const register = (api: ApiClient, person: DemoEmployee, units: ReadonlyMap<string, string>) =>
  api.post<Employee>('/employees', {
    subject: person.login,
    name: person.displayName,
    phone: person.phone,
    homeUnitId: units.get(person.home),
  });

const keyOf = ({ employeeId, role, unitId }: Grant) => `${employeeId} ${role} ${unitId}`;
