import { randomInt, randomUUID } from 'node:crypto';
import type { Caller, Place, Sample } from './world.js';

/** Posts as the people of the place, again while what it names is not known everywhere yet; gives the answer. */
export type Post = (path: string, body: object) => Promise<Readonly<Record<string, unknown>>>;

/** What cannot be read off the OpenAPI document. A new route that needs more fails with a message that names this file. */
export type Samples = Readonly<{
  /**
   * Properties of bodies and queries that point at something: the value they take at a place. Every property with the
   * format `uuid` has to be here. A key may begin with the path where the name means something else there.
   */
  references: Readonly<Record<string, (place: Place) => string | undefined>>;
  /** References that are filled in wherever the schema has them, though they are optional. */
  alwaysGiven: readonly string[];
  /**
   * Properties whose values must have a meaning; `undefined` keeps the example, or leaves the property out. A key may
   * begin with the path.
   */
  values: Readonly<Record<string, (place: Place) => unknown>>;
  /** Who makes a record that is a client's own: whoever else works at the place does not see it. */
  makers: Readonly<Record<string, (place: Place) => Caller>>;
  /** Records that are made otherwise than by a plain POST on their collection, and multipart bodies. */
  records: Readonly<Record<string, (place: Place, post: Post) => Promise<Omit<Sample, 'json'>> | string>>;
  /** Collections whose records must be there before one of the collection can be made. */
  first: Readonly<Record<string, readonly string[]>>;
  multipart: Readonly<Record<string, (place: Place) => FormData>>;
  /** For each kind of import a row that names the place: what the columns hold. */
  importRows: Readonly<Record<string, (place: Place) => Readonly<Record<string, string>>>>;
  /** Paths whose records the whole branch knows though they belong to a site, with the reason. */
  branchWide: Readonly<Record<string, string>>;
  /** Properties of a body of which only one may be given: what goes when the other comes. */
  instead: Readonly<Record<string, string>>;
  /** Routes that refuse some of the roles that the document lists, with the reason. */
  narrower: Readonly<Record<string, string>>;
  /** References that hold in the whole branch though the record belongs to a site, with the reason. */
  knownInBranch: Readonly<Record<string, string>>;
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

let doors = 0;
/** A cashier hands over once a day. */
let cashDays = 0;

let months = 0;
/** A month long ago that nobody closed yet: no fact of a check belongs to it. */
export function openMonth(): string {
  const month = months++;
  return `${1900 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
}

async function newCustomer(place: Place, post: Post): Promise<string> {
  const body = { branchId: place.refs['branchId'], kind: 'person', name: place.mark, acceptDuplicates: true };
  return (await post('/customers', body))['id'] as string;
}

async function newCharge(place: Place, post: Post): Promise<string> {
  const charge = await post('/charges', {
    accountId: place.records.get('/api/v1/billing-accounts')!.id,
    feeItemCode: 'keys',
    amount: { amount: '45.00', currency: 'CNY' },
    serviceFrom: '2026-03-04',
    serviceTo: '2026-03-04',
    reference: randomUUID(),
    reason: place.mark,
  });
  return charge['id'] as string;
}

async function newInvoice(place: Place, post: Post, chargeId: string): Promise<string> {
  const accountId = place.records.get('/api/v1/billing-accounts')!.id;
  return (await post('/invoices', { accountId, chargeIds: [chargeId] }))['id'] as string;
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
    buildingId: recordOf('/api/v1/buildings'),
    propertyUnitId: recordOf('/api/v1/property-units'),
    customerId: recordOf('/api/v1/customers'),
    intoCustomerId: recordOf('/api/v1/customers'),
    replacesMeterId: recordOf('/api/v1/meters'),
    accountId: recordOf('/api/v1/billing-accounts'),
    payerId: recordOf('/api/v1/customers'),
    chargeId: recordOf('/api/v1/charges'),
    sourceId: recordOf('/api/v1/charges'),
    invoiceId: recordOf('/api/v1/invoices'),
    ticketId: recordOf('/api/v1/tickets'),
    runId: recordOf('/api/v1/billing-runs'),
    feeItemId: recordOf('/api/v1/fee-items'),
    meterId: recordOf('/api/v1/meters'),
    receiverId: recordOf('/api/v1/employees'),
    cashierId: recordOf('/api/v1/employees'),
    token: () => randomUUID(), // tells of no place
    itemCode: (place) => place.records.get('/api/v1/price-items')?.json['code'] as string | undefined,
    categoryCode: (place) => place.records.get('/api/v1/categories')?.json['code'] as string | undefined,
  },
  alwaysGiven: ['branchId', 'siteId'],
  values: {
    key: () => undefined,
    timeZone: () => undefined,
    locale: () => undefined,
    effectiveFrom: later(1),
    until: later(1),
    '/api/v1/callbacks dueAt': later(2),
    // nothing is closed by a test that only asks who may
    '/api/v1/property-units code': (place) =>
      `${String(place.records.get('/api/v1/buildings')!.json['code'])}#1-1-${(doors += 1)}`,
    '/api/v1/month-closings month': openMonth,
    active: () => true,
    branchIds: ({ refs }) => [refs['branchId']],
    // a fact that no check brings about, so that nothing is delivered meanwhile
    eventTypes: () => [PARTNER_EVENT],
    '/api/v1/subscriptions address': ({ mark }) => `https://${mark}.example/hook`,
    '/api/v1/subscriptions/{id} address': ({ mark }) => `https://${mark}.example/hook`,
    '/api/v1/fee-items medium': () => undefined,
    '/api/v1/payments invoiceNumber': () => undefined,
    // nobody is taken for somebody else
    phones: () => [`139${String(randomInt(1e8)).padStart(8, '0')}`],
  },
  makers: {
    '/api/v1/subscriptions': ({ maker }) =>
      maker.login === 'a.everything' ? { login: 'a.partner', at: 'branch', roles: ['partner'] } : maker,
  },
  records: {
    '/api/v1/partner-grants': ({ refs }) => refs['partnerGrantId']!,
    '/api/v1/month-closings': ({ refs }) => refs['monthClosingId']!,
    // nothing is parked: that it could not be found in one's own subscription is told by a conflict
    '/api/v1/subscriptions/{}/parked': () => UNKNOWN_EVENT,
    '/api/v1/units': ({ refs }) => refs['siteId']!,
    '/api/v1/customer-merges': async (place, post) => {
      const [customer, into] = [await newCustomer(place, post), await newCustomer(place, post)];
      const merge = await post(`/customers/${customer}/merge`, { intoCustomerId: into, reason: place.mark });
      return { id: merge['id'] as string, siteBound: false };
    },
    '/api/v1/charges': async (place, post) => {
      const charge = await newCharge(place, post);
      return { id: charge, siteBound: place.refs['siteId'] !== undefined };
    },
    '/api/v1/invoices': async (place, post) => ({
      id: await newInvoice(place, post, await newCharge(place, post)),
      siteBound: place.refs['siteId'] !== undefined,
    }),
    '/api/v1/billing-accounts': async (place, post) => {
      const { branchId, siteId } = place.refs;
      const account = await post('/billing-accounts', {
        branchId,
        customerId: place.records.get('/api/v1/customers')!.id,
        propertyUnitId: place.records.get('/api/v1/property-units')!.id,
      });
      return { id: account['id'] as string, siteBound: siteId !== undefined };
    },
    '/api/v1/readings': async (place, post) => {
      const meterId = place.records.get('/api/v1/meters')!.id;
      const reading = await post('/readings', {
        ...{ meterId, day: '2026-03-31', value: '18.4', source: 'manual' },
      });
      return { id: reading['id'] as string, siteBound: place.refs['siteId'] !== undefined };
    },
    '/api/v1/shared-costs': async (place, post) => {
      const { branchId, siteId } = place.refs;
      const item = { branchId, code: `shared-${place.mark}`, name: place.mark, kind: 'shared' };
      const { id: feeItemId } = await post('/fee-items', { ...item, payer: 'owner' });
      const cost = await post('/shared-costs', {
        ...{ siteId: siteId ?? place.records.get('/api/v1/property-units')!.json['siteId'], feeItemId },
        ...{ from: '2026-03-01', to: '2026-03-31', rule: 'area', document: place.mark },
        amount: { amount: '1250.00', currency: 'CNY' },
      });
      return { id: cost['id'] as string, siteBound: siteId !== undefined };
    },
    '/api/v1/cash-handovers': async (place, post) => {
      const { branchId, siteId } = place.refs;
      const unitId = siteId ?? branchId!;
      const person = { subject: `${place.mark}.safe`, name: place.mark, homeUnitId: unitId };
      const { id: receiverId } = await post('/employees', person);
      await post(`/employees/${String(receiverId)}/grants`, { role: 'accountant', unitId });
      const counted = { amount: '0.00', currency: 'CNY' };
      const businessDay = new Date(Date.UTC(2026, 0, (cashDays += 1))).toISOString().slice(0, 10);
      const handover = await post('/cash-handovers', {
        ...{ branchId, ...(siteId === undefined ? {} : { siteId }), businessDay },
        ...{ receiverId, counted, signature: place.mark },
      });
      return { id: handover['id'] as string, siteBound: siteId !== undefined };
    },
    '/api/v1/credit-notes': async (place, post) => {
      const chargeId = await newCharge(place, post);
      const invoiceId = await newInvoice(place, post, chargeId);
      const lines = [{ chargeId, amount: { amount: '1.00', currency: 'CNY' } }];
      const note = await post('/credit-notes', { invoiceId, lines, reason: place.mark });
      return { id: note['id'] as string, siteBound: place.refs['siteId'] !== undefined };
    },
    '/api/v1/occupancies': async (place, post) => {
      const unit = place.records.get('/api/v1/property-units')!.id;
      const occupancy = await post(`/property-units/${unit}/occupancies`, {
        customerId: place.records.get('/api/v1/customers')!.id,
        role: 'owner',
        from: '2026-01-01',
      });
      return { id: occupancy['id'] as string, siteBound: true };
    },
  },
  first: {
    '/api/v1/callbacks': ['/api/v1/tickets'],
    '/api/v1/property-units': ['/api/v1/buildings'],
    '/api/v1/meters': ['/api/v1/property-units'],
    '/api/v1/occupancies': ['/api/v1/property-units', '/api/v1/customers'],
    '/api/v1/property-units/{}/occupancies': ['/api/v1/customers'],
    '/api/v1/billing-accounts': ['/api/v1/property-units', '/api/v1/customers'],
    '/api/v1/charges': ['/api/v1/billing-accounts'],
    '/api/v1/invoices': ['/api/v1/billing-accounts'],
    '/api/v1/credit-notes': ['/api/v1/billing-accounts'],
    '/api/v1/tariffs': ['/api/v1/fee-items'],
    '/api/v1/readings': ['/api/v1/meters'],
    '/api/v1/shared-costs': ['/api/v1/fee-items', '/api/v1/buildings'],
    '/api/v1/payments': ['/api/v1/billing-accounts'],
    '/api/v1/cash-handovers': ['/api/v1/employees'],
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
    customers: ({ refs, mark }) => ({ branch: refs['branch']!, kind: 'person', name: mark }),
    buildings: ({ refs, mark }) => ({ branch: refs['branch']!, code: mark, name: mark }),
    'property-units': ({ refs, mark }) => ({ branch: refs['branch']!, code: `${mark}#1-1-1` }),
    meters: ({ refs, mark }) => ({
      branch: refs['branch']!,
      serial: mark,
      medium: 'water',
      installedOn: '2026-01-01',
    }),
    occupancies: ({ refs, mark }) => ({
      branch: refs['branch']!,
      unitCode: `${mark}#1-1-1`,
      customerId: randomUUID(),
      role: 'owner',
      from: '2026-01-01',
    }),
    readings: ({ refs, mark }) => ({
      branch: refs['branch']!,
      serial: mark,
      day: '2026-03-31',
      value: '18.4',
    }),
    'interval-readings': ({ refs, mark }) => ({
      branch: refs['branch']!,
      serial: mark,
      start: '2026-03-31T00:00:00Z',
      quantity: '0.4',
    }),
    debts: ({ refs, mark }) => ({
      branch: refs['branch']!,
      customerId: randomUUID(),
      feeItemCode: 'opening',
      reference: mark,
      serviceFrom: '2026-03-01',
      serviceTo: '2026-03-31',
      amount: '45.00',
      bookedOn: '2026-03-31',
      dueOn: '2026-04-30',
    }),
    payments: ({ refs, mark }) => ({
      branch: refs['branch']!,
      providerId: mark,
      amount: '45.00',
      receivedOn: '2026-03-31',
    }),
    employees: ({ refs, mark }) => ({ subject: `${mark}.someone`, name: mark, home: refs['branch']! }),
    policies: ({ refs }) => ({
      key: 'tickets.sla.complaint.resolve',
      unit: refs['branch']!,
      value: '{"amount": 9, "unit": "working-days"}',
    }),
  },
  branchWide: {
    '/api/v1/subscriptions': "a subscription is its client's own",
    '/api/v1/fee-items': 'the price list of a branch is read at all of its sites',
    '/api/v1/tariffs': 'the price list of a branch is read at all of its sites',
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
  knownInBranch: {
    customerId: 'a customer of the branch may own or rent at any of its sites; who he is only accounts tells',
    payerId: 'a customer of the branch may pay at any of its sites; who he is only accounts tells',
  },
  globalNames: {
    'POST /api/v1/customers name': 'ACC-02 customers are looked for in the whole group',
    'POST /api/v1/employees subject': 'an account of the token issuer is one person in the whole group',
  },
};

/** Whether everybody in a branch may know what a route shows, at whichever site he works. */
export const isBranchWide = ({ branchWide }: Samples, { path }: Readonly<{ path: string }>): boolean =>
  Object.keys(branchWide).some((known) => path === known || path.startsWith(`${known}/{`));
