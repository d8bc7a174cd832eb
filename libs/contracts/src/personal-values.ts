import { alternativesOf, type JsonSchema } from './json-schema.js';

/** A field of the event history that could carry a personal value. */
export type SuspectField = Readonly<{ path: string; why: string }>;

const PERSONAL_WORDS = new Set(
  (
    'name names surname nickname phone phones mobile telephone tel fax email mail wechat address street ' +
    'content contents text comment comments note notes remark remarks message description summary ' +
    'contact person customer complainant witness birth birthday gender passport plate photo signature'
  ).split(' '),
);

const CATALOGUE_NAME = { name: 'name of a thing that the group itself defines' };
const UNIT = {
  name: 'name of a unit',
  code: 'code of a unit, printed on its forms',
};
const SUBJECT = { subject: "the issuer's opaque identifier of an account; grants are resolved by it" };
const CATEGORY_CODE = { categoryCode: 'code of a catalogue entry' };
const NUMBER = { number: 'number of a form, given by the platform' };
const FEE_ITEM = { feeItemCode: 'code of a catalogue entry' };
const BUILDING = { code: 'code of a building', name: 'name of a building' };
const PROPERTY_UNIT = { code: 'code of a unit, made of building, entrance, floor and door' };
const MISSING_POLICY = { dueMissing: 'key of a policy' };

/** Fields that look personal or free and are not, by event type, each with the reason why it may stand in history. */
export const ALLOWED_FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'organisation.unit-registered.v1': UNIT,
  'organisation.unit-changed.v1': UNIT,
  'organisation.employee-registered.v1': SUBJECT,
  'organisation.role-granted.v1': SUBJECT,
  'organisation.role-revoked.v1': SUBJECT,
  'organisation.calendar-defined.v1': {
    ...CATALOGUE_NAME,
    'calendar.holidays.*': 'name of a public holiday',
    'calendar.makeUpDays.*.name': 'name of a make-up working day',
  },
  'organisation.policy-set.v1': {
    key: 'key of a policy',
    value: 'typed by the definition of the policy: a number, a choice, a duration …',
    'value.*': 'part of a policy value',
    'value[]': 'part of a policy value',
    reason: 'why management set a parameter; the screen says that no person is named here',
  },
  'tickets.category-defined.v1': { ...CATALOGUE_NAME, code: 'code of a catalogue entry' },
  'tickets.price-item-defined.v1': { ...CATALOGUE_NAME, code: 'code of an entry of the price list' },
  'tickets.ticket-registered.v1': {
    ...CATEGORY_CODE,
    ...MISSING_POLICY,
    number: 'number of a form, given by the platform',
    source: 'code of the system that the ticket came from',
    externalId: 'identifier of the ticket in that system',
  },
  'tickets.ticket-classified.v1': { ...CATEGORY_CODE, ...MISSING_POLICY },
  'tickets.quote-given.v1': { 'lines[].itemCode': 'code of an entry of the price list' },
  'tickets.work-signed.v1': { ...NUMBER, 'charge.lines[].itemCode': 'code of an entry of the price list' },
  'tickets.recurrence-found.v1': CATEGORY_CODE,
  'accounts.customer-registered.v1': NUMBER,
  'premises.building-registered.v1': BUILDING,
  'premises.building-changed.v1': BUILDING,
  'premises.property-unit-registered.v1': PROPERTY_UNIT,
  'premises.property-unit-changed.v1': PROPERTY_UNIT,
  'premises.meter-installed.v1': { serial: 'number on the meter' },
  'billing.fee-item-defined.v1': { ...CATALOGUE_NAME, code: 'code of a catalogue entry' },
  'billing.tariff-published.v1': { ...FEE_ITEM, document: 'number of the document of the price authority' },
  'billing.charge-raised.v1': FEE_ITEM,
  'billing.charge-reversed.v1': FEE_ITEM,
  'billing.invoice-issued.v1': NUMBER,
  'billing.payment-received.v1': NUMBER,
  'billing.credit-note-issued.v1': NUMBER,
};

/**
 * Finds fields of a schema that could carry a personal value (ORG-03, ORG-04): named like one, or free text. Ids are
 * no such values. Only what the history keeps for good is checked; compacted topics are made for personal values.
 */
export function suspectFields(schema: JsonSchema): SuspectField[] {
  const found = new Map<string, string>();
  walk(schema, '', '', found);
  return [...found].map(([path, why]) => ({ path, why }));
}

function walk(schema: JsonSchema, path: string, field: string, found: Map<string, string>): void {
  const alternatives = alternativesOf(schema);
  if (alternatives.length > 1) {
    for (const alternative of alternatives) walk(alternative, path, field, found);
    return;
  }
  const isId = schema['format'] === 'uuid';
  const takesText = schema['type'] === 'string' && !isId;
  if (takesText && wordsOf(field).some((word) => PERSONAL_WORDS.has(word)))
    found.set(path, 'named like a personal value');
  else if (isFree(schema) && !found.has(path)) found.set(path, 'free text');

  for (const [name, inner] of Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>)) {
    walk(inner, path === '' ? name : `${path}.${name}`, name, found);
  }
  if (schema['items'] !== undefined) walk(schema['items'] as JsonSchema, `${path}[]`, field, found);
  const values = schema['additionalProperties'];
  if (typeof values === 'object') walk(values as JsonSchema, `${path}.*`, field, found);
}

function isFree(schema: JsonSchema): boolean {
  if (Object.keys(schema).length === 0) return true;
  return (
    schema['type'] === 'string' && !['format', 'pattern', 'enum', 'const'].some((limit) => limit in schema)
  );
}

function wordsOf(field: string): string[] {
  return field
    .replaceAll(/[^A-Za-z]+/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(' ');
}
