import { randomBytes } from 'node:crypto';
import { ROLES } from '@steward/kernel';
import { createKafka } from '@steward/messaging';
import { eventually } from '@steward/testing';
import { ApiClient, ApiError } from '@steward/tools';
import { operationsOf, type Operation } from '../api-operations.js';
import type { ServicesInOne } from '../services-in-one.js';
import { digitsOf } from './bodies.js';
import { snapshot } from './check-lists.js';
import { fill } from './records.js';
import { openMonth, PARTNER_EVENT } from './samples.js';
import { each, send } from './sending.js';
import { tokensOf, type Caller, type Place, type World } from './world.js';

type Unit = Readonly<{ id: string; code: string }>;
type Tree = Readonly<Record<'hq' | 'r1' | 'r2' | 'a' | 'b' | 'a1' | 'a2' | 'b1', Unit>>;

const ABOVE = ['hq-admin', 'hq-auditor', 'general-manager'];
/** Roles that can be bound to a branch, and those that can be bound to a site. */
const IN_BRANCH = ROLES.filter((role) => role !== 'customer' && !ABOVE.includes(role));
const AT_SITE = IN_BRANCH.filter((role) => role !== 'branch-manager');

const newMark = (): string => `z${randomBytes(6).toString('hex')}`;
const marks = { own: newMark(), otherSite: newMark(), otherBranch: newMark(), group: newMark() };

const caller = (login: string, at: Caller['at'], roles: readonly string[]): Caller => ({ login, at, roles });

const PEOPLE = {
  admin: caller('hq.admin', 'group', ['hq-admin']),
  allInBranch: caller('a.everything', 'branch', IN_BRANCH),
  allAtSite: caller('a1.everything', 'site', AT_SITE),
  stranger: caller('b.everything', 'branch', IN_BRANCH),
  revoked: caller('a.revoked', 'nowhere', []),
  nobody: caller('nobody', 'nowhere', []),
};

const CALLERS: readonly Caller[] = [
  PEOPLE.admin,
  caller('hq.auditor', 'group', ['hq-auditor']),
  caller('r1.general-manager', 'region', ['general-manager']),
  ...IN_BRANCH.map((role) => caller(`a.${role}`, 'branch', [role])),
  ...AT_SITE.map((role) => caller(`a1.${role}`, 'site', [role])),
];

const HOURS = [{ from: '09:00', to: '18:00' }];
const OFFICE = {
  name: 'Office hours',
  calendar: {
    timeZone: 'Asia/Shanghai',
    week: { 1: HOURS, 2: HOURS, 3: HOURS, 4: HOURS, 5: HOURS, 6: [], 7: [] },
    holidays: {},
    makeUpDays: {},
  },
  effectiveFrom: '2026-01-01T00:00:00.000Z',
};

/** Two regions, two branches with two sites each; the codes betray where a number comes from. */
async function plant(api: ApiClient): Promise<Tree> {
  const [hq] = await soon(() => api.all<Unit>('/units'));
  const unit = (kind: string, parent: Unit, code: string, rest: object = {}): Promise<Unit> =>
    api.post<Unit>('/units', { kind, parentId: parent.id, code, name: `Unit ${code}`, ...rest });
  const r1 = await unit('region', hq!, `R1${randomBytes(2).toString('hex')}`);
  const r2 = await unit('region', hq!, `R2-${marks.otherBranch}`);
  const calendar = await api.post<{ id: string }>('/calendars', OFFICE);
  const place = { timeZone: 'Asia/Shanghai', locale: 'zh-CN', calendarId: calendar.id };
  const a = await unit('branch', r1, `A${randomBytes(2).toString('hex')}`, place);
  const b = await unit('branch', r2, `B-${marks.otherBranch}`, place);
  return {
    ...{ hq: hq!, r1, r2, a, b },
    a1: await unit('site', a, `A1-${marks.own}`),
    a2: await unit('site', a, 'A2'),
    b1: await unit('site', b, `B1-${marks.otherBranch}`),
  };
}

/** Repeats what is refused only because the events of the organisation have not arrived yet. */
const soon = <T>(call: () => Promise<T>): Promise<T> =>
  eventually(
    async () => {
      try {
        return { answer: await call() };
      } catch (error) {
        if (error instanceof ApiError && [401, 403, 404].includes(error.status)) return false;
        throw error;
      }
    },
    { timeoutMs: 60_000 },
  ).then(({ answer }) => answer);

/** Registers a person with roles in one unit, employed there or elsewhere; gives the ids of the grants. */
async function employ(
  api: ApiClient,
  { login, roles }: Caller,
  unit: Unit,
  home = unit,
): Promise<{ id: string; grants: string[] }> {
  const body = { subject: login, name: `Name of ${login}`, homeUnitId: home.id };
  const { id } = await api.post<{ id: string }>('/employees', body);
  const grants: string[] = [];
  for (const role of roles)
    grants.push((await api.post<{ id: string }>(`/employees/${id}/grants`, { role, unitId: unit.id })).id);
  return { id, grants };
}

/** One list of each part of the API that these roles open: they tell whether the roles have arrived in every service. */
function probes(operations: readonly Operation[], roles: readonly string[]): Operation[] {
  const lists = operations.filter(
    ({ method, path, parameters, ...rest }) =>
      method === 'get' &&
      !path.includes('{') &&
      !rest.answers.includes('text/event-stream') &&
      !parameters.some(({ required }) => required) &&
      rest.roles.some((role) => roles.includes(role)),
  );
  return [...new Map(lists.map((operation) => [operation.tag, operation])).values()];
}

/** Waits until all services answer a person's lists with this status. */
async function until(
  all: ServicesInOne,
  operations: readonly Operation[],
  person: Caller,
  status: number,
): Promise<void> {
  const token = all.issuer.token(person.login);
  const asked = probes(operations, person.roles);
  const look = ({ path }: Operation) => send(all.url, { method: 'GET', path, token });
  await eventually(
    async () => (await Promise.all(asked.map(look))).every((answer) => answer.status === status),
    {
      timeoutMs: 60_000,
    },
  );
}

async function staff(
  all: ServicesInOne,
  api: ApiClient,
  tree: Tree,
  operations: readonly Operation[],
): Promise<void> {
  const homes = { group: tree.hq, region: tree.r1, branch: tree.a, site: tree.a1, nowhere: tree.hq };
  const { stranger, nobody, allInBranch, allAtSite } = PEOPLE;
  const newcomers = [...CALLERS.filter((person) => person !== PEOPLE.admin), allInBranch, allAtSite];
  await each([...newcomers, nobody], (person) => employ(api, person, homes[person.at]), 4);
  await employ(api, stranger, tree.b);
  const leaver = { ...PEOPLE.revoked, roles: ['branch-manager', 'cs-agent'] };
  const { id, grants } = await employ(api, leaver, tree.a, tree.hq);
  await until(all, operations, leaver, 200);
  for (const grant of grants)
    await api.post(`/employees/${id}/grants/${grant}/revocation`, { reason: 'left' });
  await until(all, operations, leaver, 403);
  await each([...newcomers, stranger], (person) => until(all, operations, person, 200), 4);
}

function placeAt(
  name: string,
  mark: string,
  maker: Caller,
  units: Readonly<{ region: Unit; branch: Unit; site: Unit; partnerGrantId: string; monthClosingId: string }>,
  hidden: readonly Unit[],
): Place {
  const { region, branch, site, ...made } = units;
  const ids = { regionId: region.id, branchId: branch.id, siteId: site.id, ...made };
  const refs = { ...ids, branch: branch.code };
  const secrets = new Set([mark, digitsOf(mark), ...hidden.map(({ id }) => id)]);
  return { name, mark, maker, refs, secrets, records: new Map() };
}

/** An event that nobody can apply, so that every service has something parked. */
async function breakAnEvent(all: ServicesInOne): Promise<void> {
  const kafka = createKafka({
    brokers: process.env['STEWARD_TEST_BROKERS']!.split(','),
    clientId: 'matrix',
    topicPrefix: all.topicPrefix,
  });
  const publisher = kafka.publisher();
  const key = '0198c0de-7d2a-7a51-9d3c-2f1b6c0a9e11';
  for (const topic of ['organisation.v1', 'tickets.v1'])
    await publisher.publish([{ topic, key, value: '{}', headers: { ce_id: 'broken' } }]);
  await publisher.close();
  await kafka.close();
}

const RESTLESS = /"hash":null|"state":"(?:uploaded|running)"/;

/** Waits until the lists stand still: what is asynchronous (seals, figures, imports) has come to rest. */
async function settled(world: World, into: Map<string, string>): Promise<void> {
  await eventually(
    async () => {
      const last = new Map(into);
      await snapshot(world, into);
      const restless = [...into].filter(([name, text]) => last.get(name) !== text || RESTLESS.test(text));
      if (restless.length > 0)
        throw new Error(
          `still moving: ${restless.map(([name, text]) => `${name} ${RESTLESS.exec(text)?.[0] ?? ''}`).join(', ')}`,
        );
      return true;
    },
    { timeoutMs: 60_000, intervalMs: 500 },
  );
}

/** Headquarters lets the partners among the people have something, so that they can subscribe. Gives the grants' ids. */
async function partnerGrants(api: ApiClient): Promise<Map<string, string>> {
  const clients = ['a.partner', 'a1.partner', 'a.everything', 'a1.everything', 'b.everything'];
  const grants = await each(clients, async (client) => {
    const body = { client, name: client, eventTypes: [PARTNER_EVENT] };
    const { id } = await api.post<{ id: string }>('/partner-grants', body);
    return [client, id] as const;
  });
  return new Map(grants);
}

/** Headquarters closes a month of a branch. Gives the closing's id. */
async function closedMonth(api: ApiClient, { id: branchId }: Unit): Promise<string> {
  const body = { branchId, month: openMonth() };
  return (await soon(() => api.post<{ id: string }>('/month-closings', body))).id;
}

async function groupRecords(api: ApiClient, group: Place): Promise<void> {
  const body = {
    subject: `${group.mark}.clerk`,
    name: group.mark,
    phone: digitsOf(group.mark),
    homeUnitId: group.refs['unitId'],
  };
  const { id } = await api.post<{ id: string }>('/employees', body);
  group.secrets.add(id);
}

/** The platform with people in every role and records everywhere, as the checks need it. */
export async function stewardWorld(all: ServicesInOne): Promise<World> {
  const api = new ApiClient(`${all.url}/api/v1`, all.issuer.token('hq.admin'));
  const document = await send(all.url, { method: 'GET', path: '/openapi.json' });
  const operations = operationsOf(JSON.parse(document.text));
  const tree = await plant(api);
  await staff(all, api, tree, operations);
  const granted = await partnerGrants(api);
  const { r1, r2, a, b, a1, a2, b1 } = tree;
  const [closingOfA, closingOfB] = [await closedMonth(api, a), await closedMonth(api, b)];
  const { admin, allInBranch, allAtSite, stranger, revoked, nobody } = PEOPLE;
  const group: Place = {
    name: 'the group',
    mark: marks.group,
    maker: admin,
    refs: { unitId: tree.hq.id },
    records: new Map(),
    secrets: new Set([marks.group, digitsOf(marks.group)]),
  };
  const world: World = {
    url: all.url,
    operations,
    token: tokensOf(all.issuer),
    places: {
      own: placeAt(
        'the own site',
        marks.own,
        allInBranch,
        {
          region: r1,
          branch: a,
          site: a1,
          partnerGrantId: granted.get('a.partner')!,
          monthClosingId: closingOfA,
        },
        [a, a1],
      ),
      otherSite: placeAt(
        'the other site',
        marks.otherSite,
        allInBranch,
        {
          region: r1,
          branch: a,
          site: a2,
          partnerGrantId: granted.get('a.everything')!,
          monthClosingId: closingOfA,
        },
        [],
      ),
      otherBranch: placeAt(
        'the other branch',
        marks.otherBranch,
        stranger,
        {
          region: r2,
          branch: b,
          site: b1,
          partnerGrantId: granted.get('b.everything')!,
          monthClosingId: closingOfB,
        },
        [r2, b, b1],
      ),
    },
    ...{ group, callers: CALLERS, allInBranch, allAtSite, admin, without: [revoked, nobody] },
    ...{ before: new Map(), after: new Map(), shared: new Set() },
  };
  await fill(world, world.places.own);
  await fill(world, world.places.otherSite, { siteOnly: true });
  await breakAnEvent(all);
  await settled(world, world.before);
  await fill(world, world.places.otherBranch);
  await groupRecords(api, group);
  await eventually(
    async () => {
      const figures = await send(all.url, {
        method: 'GET',
        path: '/api/v1/figures/tickets',
        token: world.token(admin.login),
      });
      return figures.text.includes(tree.b.id);
    },
    { timeoutMs: 60_000 },
  );
  await settled(world, world.after);
  return world;
}
