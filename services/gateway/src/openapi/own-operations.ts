import { COMPOSED_PATHS, COMPOSED_SCHEMAS } from '../composed/composed-operations.js';
import { MAX_CURSOR } from '../imports/import-pages.rules.js';
import { json, problem, problems, text } from './answers.js';
import { API_PREFIX, IMPORT_KIND_NAMES } from '../routing/route-table.rules.js';
import { STREAM_ROLES } from '../stream/visibility.rules.js';

const REFERENCE = {
  type: 'object',
  description: 'A fact that happened: enough to read the thing again, nothing of its content.',
  required: ['type', 'id', 'branch', 'sequence', 'time'],
  properties: {
    type: { ...text, examples: ['tickets.ticket-completed.v1'] },
    id: { ...text, format: 'uuid', description: 'The thing it happened to' },
    branch: { type: ['string', 'null'], format: 'uuid', description: 'Null for a fact of the group' },
    sequence: {
      type: 'integer',
      minimum: 1,
      description: 'Its place among the facts of this thing, without gaps',
    },
    time: { ...text, format: 'date-time' },
  },
  examples: [
    {
      type: 'tickets.ticket-completed.v1',
      id: '0198c0de-7d2a-7a51-9d3c-2f1b6c0a9e11',
      branch: '0198c0de-0000-7000-8000-0000000000b1',
      sequence: 5,
      time: '2026-03-02T08:15:00.000Z',
    },
  ],
};

const INDEX = {
  type: 'object',
  required: ['links'],
  properties: {
    links: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'href'],
        properties: { name: text, href: text, service: text },
      },
    },
  },
};

const IMPORTS = {
  type: 'object',
  required: ['items', 'next'],
  properties: {
    items: { type: 'array', items: { type: 'object' } },
    next: { type: ['string', 'null'], description: '`after` of the next page; null at the end' },
    missing: { type: 'array', items: text, description: 'Services that did not answer this time' },
  },
};

const streamOperation = {
  operationId: 'stream',
  tags: ['gateway'],
  'x-roles': STREAM_ROLES,
  summary: 'References of events in the caller’s scope, as server-sent events',
  description:
    'Each message is an EventReference. `open` begins the stream, `reset` says that the client has to read again what it ' +
    'shows, `end` that the caller’s rights are over. `Last-Event-ID` goes on where a stream broke off, within a bounded window.',
  parameters: [{ name: 'Last-Event-ID', in: 'header', required: false, schema: { ...text, maxLength: 100 } }],
  responses: {
    200: {
      description: 'The stream',
      content: { 'text/event-stream': { schema: { $ref: '#/components/schemas/EventReference' } } },
    },
    ...problems,
    403: problem('No role of the staff gives a stream.'),
  },
};

const listImportsOperation = {
  operationId: 'listImports',
  tags: ['gateway'],
  summary: 'Import jobs of all services, newest first; with `kind` those of the service that takes it',
  parameters: [
    { name: 'kind', in: 'query', required: false, schema: { type: 'string', enum: IMPORT_KIND_NAMES } },
    {
      name: 'limit',
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
    },
    {
      name: 'after',
      in: 'query',
      required: false,
      schema: { ...text, maxLength: MAX_CURSOR },
      description: 'Cursor: `next` of the page before',
    },
  ],
  responses: {
    200: { description: 'A page', content: json(IMPORTS) },
    400: problem('The request is malformed.'),
    ...problems,
  },
};

const indexOperation = {
  operationId: 'index',
  tags: ['gateway'],
  summary: 'The collections of the API',
  responses: { 200: { description: 'Links', content: json(INDEX) }, ...problems },
};

/** What the gateway answers itself, in the form of a service's document. */
export const OWN_DOCUMENT = {
  paths: {
    [API_PREFIX]: { get: indexOperation },
    [`${API_PREFIX}/stream`]: { get: streamOperation },
    [`${API_PREFIX}/imports`]: { get: listImportsOperation },
    ...COMPOSED_PATHS,
  },
  components: { schemas: { EventReference: REFERENCE, ...COMPOSED_SCHEMAS } },
  tags: [{ name: 'gateway', description: 'Index, stream of references, answers made of several services' }],
};
