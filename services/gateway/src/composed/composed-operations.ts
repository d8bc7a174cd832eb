import { json, problem, problems, text } from '../openapi/answers.js';
import type { RolesOf } from '../openapi/own-roles.rules.js';
import { API_PREFIX } from '../routing/route-table.rules.js';
import { STREAM_ROLES } from '../stream/visibility.rules.js';
import { DOSSIER_EXAMPLE, OVERVIEW_EXAMPLE, SEARCH_EXAMPLE } from './composed.examples.js';
import { MAX_WORDS } from './composed-routes.js';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const constant = (value: string) => ({ type: 'string', const: value });

const object = (properties: Readonly<Record<string, object>>) => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
});

const missing = [
  object({ state: constant('unavailable'), problem: ref('Problem') }),
  object({ state: constant('forbidden') }),
];

const RECORD_PART = {
  description: 'A record of a service; or that the service does not give it now, or not to your roles.',
  oneOf: [object({ state: constant('ok'), value: { type: 'object' } }), ...missing],
};

const LIST_PART = {
  description:
    'The first page of a list of a service; or that it does not give it now, or not to your roles.',
  oneOf: [
    object({
      state: constant('ok'),
      items: { type: 'array', items: { type: 'object' } },
      href: { ...text, description: 'The whole list' },
      more: { type: ['string', 'null'], description: 'The next page; null when this is all' },
    }),
    ...missing,
  ],
};

const part = (name: 'RecordPart' | 'ListPart', address: string) => ({
  ...ref(name),
  description: `As \`GET ${API_PREFIX}${address}\` gives it`,
});
const record = (address: string) => part('RecordPart', address);
const list = (address: string) => part('ListPart', address);

const OVERVIEW = {
  ...object({
    customer: record('/customers/{id}'),
    contacts: list('/customers/{customerId}/contacts'),
    occupancies: list('/occupancies'),
    propertyUnits: list('/property-units'),
    tickets: list('/tickets'),
    callbacks: list('/callbacks'),
    billingAccounts: list('/billing-accounts'),
    openInvoices: list('/invoices'),
    openCharges: list('/charges'),
  }),
  examples: [OVERVIEW_EXAMPLE],
};

const DOSSIER = {
  ...object({
    propertyUnit: record('/property-units/{id}'),
    building: record('/buildings/{id}'),
    occupancies: list('/occupancies'),
    customers: list('/customers'),
    meters: list('/meters'),
    tickets: list('/tickets'),
    billingAccounts: list('/billing-accounts'),
  }),
  examples: [DOSSIER_EXAMPLE],
};

const FOUND = {
  ...object({
    customers: list('/customers'),
    tickets: list('/tickets'),
    propertyUnits: list('/property-units'),
    buildings: list('/buildings'),
    meters: list('/meters'),
    invoices: list('/invoices'),
    receipts: list('/receipts'),
  }),
  examples: [SEARCH_EXAMPLE],
};

export const COMPOSED_SCHEMAS = {
  RecordPart: RECORD_PART,
  ListPart: LIST_PART,
  CustomerOverview: OVERVIEW,
  PropertyUnitDossier: DOSSIER,
  Found: FOUND,
};

const refused = {
  400: problem('The request is malformed.'),
  ...problems,
  403: problem('None of your roles allows this.'),
};

const byId = (operation: Readonly<{ id: string; summary: string; description: string; schema: string }>) => ({
  operationId: operation.id,
  tags: ['gateway'],
  summary: operation.summary,
  description: operation.description,
  parameters: [{ name: 'id', in: 'path', required: true, schema: { ...text, format: 'uuid' } }],
  responses: {
    200: { description: 'The parts', content: json(ref(operation.schema)) },
    ...refused,
    404: problem('There is no such record in your scope.'),
  },
});

const HONEST =
  'Every part is asked of its service with your own token and has its own deadline: `unavailable` with a problem says ' +
  'that it is not to be had now, `forbidden` that your roles do not give it. ';

const overview: object & { 'x-roles-of': RolesOf } = {
  ...byId({
    id: 'customerOverview',
    summary: 'A customer with everything that is known of it (customer 360)',
    description: `${HONEST}\`propertyUnits\` are those that \`occupancies\` name.`,
    schema: 'CustomerOverview',
  }),
  'x-roles-of': { service: 'accounts', path: `${API_PREFIX}/customers/{id}` },
};

const dossier: object & { 'x-roles-of': RolesOf } = {
  ...byId({
    id: 'propertyUnitDossier',
    summary: 'A property unit with everything that is known of it',
    description: `${HONEST}\`customers\` are those that \`occupancies\` name, as far as you may see them.`,
    schema: 'PropertyUnitDossier',
  }),
  'x-roles-of': { service: 'premises', path: `${API_PREFIX}/property-units/{id}` },
};

const searching = {
  operationId: 'search',
  tags: ['gateway'],
  'x-roles': STREAM_ROLES,
  summary: 'What is called so: numbers, names, pinyin, phones, codes',
  description: `${HONEST}Names, pinyin and phones by their beginning, phones also by their end, unit codes by their beginning; numbers, building codes and meters as a whole.`,
  parameters: [
    {
      name: 'q',
      in: 'query',
      required: true,
      schema: { ...text, minLength: 1, maxLength: MAX_WORDS, examples: ['EB1-T-2026-000001'] },
    },
  ],
  responses: { 200: { description: 'What was found, by kind', content: json(ref('Found')) }, ...refused },
};

/** The composed answers in the gateway's own document. */
export const COMPOSED_PATHS = {
  [`${API_PREFIX}/customers/{id}/overview`]: { get: overview },
  [`${API_PREFIX}/property-units/{id}/dossier`]: { get: dossier },
  [`${API_PREFIX}/search`]: { get: searching },
};
