import type { Caller, Place } from './world.js';

/** What cannot be read off the OpenAPI document. A new route that needs more fails with a message that names this file. */
export type Samples = Readonly<{
  /**
   * Properties of bodies and queries that point at something: the value they take at a place. Every property with the
   * format `uuid` has to be here. A key may begin with the path where the name means something else there.
   */
  references: Readonly<Record<string, (place: Place) => string | undefined>>;
  /** References that are filled in wherever the schema has them, though they are optional. */
  alwaysGiven: readonly string[];
  /** Properties whose values must have a meaning; `undefined` keeps the example, or leaves the property out. */
  values: Readonly<Record<string, (place: Place) => unknown>>;
  /** Who makes a record that is a client's own: whoever else works at the place does not see it. */
  makers: Readonly<Record<string, (place: Place) => Caller>>;
  /** Records that are made otherwise than by a plain POST on their collection, and multipart bodies. */
  records: Readonly<Record<string, (place: Place) => Promise<string> | string>>;
  multipart: Readonly<Record<string, (place: Place) => FormData>>;
  /** For each kind of import a row that names the place: what the columns hold. */
  importRows: Readonly<Record<string, (place: Place) => Readonly<Record<string, string>>>>;
  /** Paths whose records the whole branch knows though they belong to a site, with the reason. */
  branchWide: Readonly<Record<string, string>>;
  /** Properties of a body of which only one may be given: what goes when the other comes. */
  instead: Readonly<Record<string, string>>;
  /** Routes that refuse some of the roles that the document lists, with the reason. */
  narrower: Readonly<Record<string, string>>;
  /** Names that are given once in the whole group, with the reason why a conflict may show. */
  globalNames: Readonly<Record<string, string>>;
}>;

const DAY_MS = 24 * 3_600_000;
const later = (days: number) => () => new Date(Date.now() + days * DAY_MS).toISOString();

/** What partners are granted in the matrix. */
export const PARTNER_EVENT = 'tickets.recurrence-found.v1';
const UNKNOWN_EVENT = '0198c0de-7d2a-7a51-9d3c-2f1b6c0a9e99';

const recordOf = (collection: string) => (place: Place) => place.records.get(collection)?.id;

/** A file of tickets: a row that is taken, and one that is refused and shown with its content. */
export function ticketFile(place: Place): FormData {
  const form = new FormData();
  const rows = [
    'kind,content,requesterName,receivedAt',
    `complaint,${place.mark} content,${place.mark} name,2026-03-02T08:15:00Z`,
    `${place.mark},${place.mark} refused,${place.mark} name,2026-03-02T08:15:00Z`,
  ];
  form.set('branch', place.refs['branch']!);
  form.set('source', place.mark);
  form.set('file', new Blob([`${rows.join('\n')}\n`]), `${place.mark}.csv`);
  return form;
}

export const SAMPLES: Samples = {
  references: {
    branchId: ({ refs }) => refs['branchId'],
    regionId: ({ refs }) => refs['regionId'],
    siteId: ({ refs }) => refs['siteId'],
    unitId: ({ refs }) => refs['siteId'],
    homeUnitId: ({ refs }) => refs['siteId'],
    parentId: ({ refs }) => refs['branchId'],
    // values of parameters stand on branches and above
    '/api/v1/policies unitId': ({ refs }) => refs['branchId'],
    '/api/v1/policies/batch unitId': ({ refs }) => refs['branchId'],
    '/api/v1/policies/batch unit': ({ refs }) => refs['branch'],
    calendarId: recordOf('/api/v1/calendars'),
    assigneeId: recordOf('/api/v1/employees'),
    employeeId: recordOf('/api/v1/employees'),
    entityId: recordOf('/api/v1/tickets'),
    afterEventId: () => UNKNOWN_EVENT,
    eventId: () => UNKNOWN_EVENT,
    categoryCode: (place) => place.records.get('/api/v1/categories')?.json['code'] as string | undefined,
  },
  alwaysGiven: ['branchId', 'siteId'],
  values: {
    key: () => undefined,
    timeZone: () => undefined,
    locale: () => undefined,
    effectiveFrom: later(1),
    until: later(1),
    // nothing is closed by a test that only asks who may
    active: () => true,
    branchIds: ({ refs }) => [refs['branchId']],
    // a fact that no check brings about, so that nothing is delivered meanwhile
    eventTypes: () => [PARTNER_EVENT],
    address: ({ mark }) => `https://${mark}.example/hook`,
  },
  makers: {
    '/api/v1/subscriptions': ({ maker }) =>
      maker.at === 'branch' && maker.login === 'a.everything'
        ? { login: 'a.partner', at: 'branch', roles: ['partner'] }
        : maker,
  },
  records: {
    '/api/v1/partner-grants': ({ refs }) => refs['partnerGrantId']!,
    // nothing is parked: that it could not be found in one's own subscription is told by a conflict
    '/api/v1/subscriptions/{}/parked': () => UNKNOWN_EVENT,
    '/api/v1/units': ({ refs }) => refs['siteId']!,
  },
  multipart: {
    '/api/v1/imports': ticketFile,
  },
  importRows: {
    tickets: ({ refs, mark }) => ({
      branch: refs['branch']!,
      kind: 'complaint',
      content: `${mark} content`,
      receivedAt: '2026-03-02T08:15:00Z',
    }),
    units: ({ refs, mark }) => ({ kind: 'site', parent: refs['branch']!, code: `${mark}-site`, name: mark }),
    employees: ({ refs, mark }) => ({ subject: `${mark}.someone`, name: mark, home: refs['branch']! }),
    policies: ({ refs }) => ({
      key: 'tickets.sla.complaint.resolve',
      unit: refs['branch']!,
      value: '{"amount": 9, "unit": "working-days"}',
    }),
  },
  branchWide: {
    '/api/v1/subscriptions': "a subscription is its client's own",
    '/api/v1/units': 'the structure of a branch is reference data of everybody who works in it',
    '/api/v1/policies/effective': 'a site has the values of its branch, which everybody in it knows',
  },
  instead: { unitId: 'unit', unit: 'unitId' },
  narrower: {
    'GET /api/v1/imports/{id}': 'each kind has roles of its own',
    'GET /api/v1/imports/{id}/rows': 'each kind has roles of its own',
    'POST /api/v1/imports': 'each kind has roles of its own',
    'POST /api/v1/imports/{id}/cancellation': 'each kind has roles of its own',
  },
  globalNames: {
    'POST /api/v1/employees subject': 'an account of the token issuer is one person in the whole group',
  },
};
