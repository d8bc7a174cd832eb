import { ALL_EVENTS } from './catalogue.js';
import type { EventDefinition } from './definition.js';
import { jsonSchemaOf } from './json-schema.js';

/** Contexts whose facts partners can be granted. */
export const PARTNER_CONTEXTS: readonly string[] = [
  'accounts',
  'billing',
  'insights',
  'organisation',
  'premises',
  'tickets',
];

/** Events that partners can be granted: facts of the trade, not of the platform's own upkeep. */
export const PARTNER_EVENTS: readonly EventDefinition[] = ALL_EVENTS.filter(
  ({ context, name }) => PARTNER_CONTEXTS.includes(context) && name !== 'audit-head-sealed',
);

type Node = Record<string, unknown>;

const text = (description: string): Node => ({ type: 'string', description });
const moment = (description: string): Node => ({ ...text(description), format: 'date-time' });
const uuid = (description: string): Node => ({ ...text(description), format: 'uuid' });

const ENVELOPE: Node = {
  id: uuid('The same in every repeat, and the `webhook-id`.'),
  type: text('Type of the event.'),
  timestamp: moment('When it happened.'),
  branchId: { type: ['string', 'null'], format: 'uuid', description: 'Null: a fact of the group.' },
  aggregateId: uuid('Facts of one record come in order.'),
  sequence: { type: 'integer', description: 'Grows per record; what is not granted leaves gaps.' },
  recordedAt: moment('When the platform recorded it.'),
  origin: { type: 'string', enum: ['live', 'import', 'test'] },
  late: { type: 'boolean', description: 'Belongs to a month that was closed already.' },
  actor: text('Who acted; only where ids of employees are granted.'),
};

const HEADERS: Node = {
  type: 'object',
  required: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
  properties: {
    'webhook-id': uuid('Id of the event: a repeat has the same.'),
    'webhook-timestamp': text('Seconds since 1970, part of what is signed.'),
    'webhook-signature': text(
      '`v1,<base64>` by each secret that is live, with blanks between (Standard Webhooks).',
    ),
  },
};

const DESCRIPTION = [
  'What partners receive: by signed webhooks (Standard Webhooks), by the feed `GET /api/v1/partner-events`, or from a Kafka',
  'topic that headquarters gives large partners, each with the same JSON body. Delivery is at least once, in order per record. Headquarters grants types and branches; ids of people',
  'are left out of `data` unless the grant names their kind. Within a version only optional fields are added: pass over',
  'fields and types that you do not know. An answer of 2xx takes an event; 429 and 5xx make everything wait; 410 ends the',
  'subscription; any other 4xx parks the event, with the later ones of its record, until you resend or skip it.',
].join(' ');

const SAMPLE_ENVELOPE = {
  id: '0197a2c4-5d00-7000-8000-0000000000e1',
  timestamp: '2026-03-04T08:30:00.000Z',
  branchId: '0197a2c4-5d00-7000-8000-000000000002',
  aggregateId: '0197a2c4-5d00-7000-8000-000000000008',
  sequence: 3,
  recordedAt: '2026-03-04T08:30:00.120Z',
  origin: 'live',
  late: false,
};

/** An event of the catalogue as a partner would get it, with everything granted. */
export const partnerSample = ({ type, scope, sample }: EventDefinition): Node => ({
  ...SAMPLE_ENVELOPE,
  type,
  ...(scope === 'group' ? { branchId: null } : {}),
  data: sample,
});

/** The events that partners can have, as an AsyncAPI 3.0 document (PTR-04). */
export function partnerAsyncApi(): Node {
  const refs = (path: string): Node =>
    Object.fromEntries(PARTNER_EVENTS.map(({ type }) => [type, { $ref: `#/components/${path}/${type}` }]));
  return {
    asyncapi: '3.0.0',
    info: { title: 'Steward events for partners', version: '1.0.0', description: DESCRIPTION },
    defaultContentType: 'application/json',
    channels: {
      webhook: { address: null, title: 'The address of a subscription', messages: refs('messages') },
    },
    operations: {
      deliver: {
        action: 'send',
        channel: { $ref: '#/channels/webhook' },
        summary: 'POST to the address, signed',
        bindings: { http: { method: 'POST', bindingVersion: '0.3.0' } },
      },
    },
    components: {
      messages: Object.fromEntries(PARTNER_EVENTS.map((event) => [event.type, messageOf(event)])),
      schemas: Object.fromEntries(PARTNER_EVENTS.map((event) => [event.type, dataOf(event)])),
    },
  };
}

function messageOf(event: EventDefinition): Node {
  const { type, title, description } = event;
  const data = { $ref: `#/components/schemas/${type}` };
  return {
    name: type,
    title,
    summary: title,
    description,
    contentType: 'application/json',
    headers: HEADERS,
    payload: {
      type: 'object',
      required: Object.keys(SAMPLE_ENVELOPE).concat('type', 'data'),
      properties: { ...ENVELOPE, type: { const: type }, data },
    },
    examples: [{ name: 'sample', summary: title, payload: partnerSample(event) }],
  };
}

function dataOf(event: EventDefinition): Node {
  const { $schema: _dialect, ...schema } = jsonSchemaOf(event);
  return { title: event.title, ...schema };
}
