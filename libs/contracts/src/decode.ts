import { invalid } from '@steward/kernel';
import { findEvent } from './catalogue.js';
import type { EventDefinition, PersonalDefinition } from './definition.js';
import type { EnvelopeHeaders, EventEnvelope, ReceivedHeaders, ReceivedValue } from './envelope.js';
import { readHeaders } from './headers.js';
import { textOf } from './text.js';

/**
 * Decodes the value of an event whose headers are read, by the consumer's lenient check. The definition is the
 * catalogue's for that type unless one is given. Throws `invalid` with code `event.unknown-type`,
 * `event.malformed-json` or `event.invalid`.
 */
export function decodeEvent<T>(
  headers: EnvelopeHeaders,
  value: ReceivedValue,
  definition: EventDefinition<T>,
): EventEnvelope<T>;
export function decodeEvent(headers: EnvelopeHeaders, value: ReceivedValue): EventEnvelope;
export function decodeEvent(
  headers: EnvelopeHeaders,
  value: ReceivedValue,
  definition: EventDefinition | undefined = findEvent(headers.type),
): EventEnvelope {
  if (definition?.type !== headers.type) {
    throw invalid('event.unknown-type', `No definition for events of type ${headers.type}`);
  }
  return { ...headers, data: definition.parse(parseJson(value, headers.type)) };
}

/** Reads headers and value at once; throws as `readHeaders` and `decodeEvent` do. */
export function fromHeaders(headers: ReceivedHeaders, value: ReceivedValue): EventEnvelope {
  return decodeEvent(readHeaders(headers), value);
}

/**
 * Decodes a message of a compacted topic of personal values: the latest record, or null for a tombstone (the person
 * was erased, ORG-04). Throws `invalid` with code `event.malformed-json` or `event.invalid`.
 */
export function decodePersonal<T>(definition: PersonalDefinition<T>, value: ReceivedValue): T | null {
  if (value === null || value === undefined) return null;
  return definition.parse(parseJson(value, definition.type));
}

function parseJson(value: ReceivedValue, type: string): unknown {
  if (value === null || value === undefined)
    throw invalid('event.malformed-json', `An event of ${type} has no value`);
  try {
    return JSON.parse(typeof value === 'string' ? value : textOf(value));
  } catch {
    // The parser's own message quotes the text; values do not belong in logs.
    throw invalid('event.malformed-json', `The value of an event of ${type} is not JSON`);
  }
}
