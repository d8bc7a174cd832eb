import { decodeEvent, readHeaders, type EventEnvelope } from '@steward/contracts';
import type { KafkaMessage } from '../kafka/group-consumer.js';
import { isDomainError } from '@steward/kernel';
import { reasonOf } from '../log.js';
import type { EventEntry } from './handler-table.js';

/** Why an event cannot be applied: a slug and a sentence without values. */
export type Fault = Readonly<{ code: string; reason: string }>;

/** An event as it came, read as far as the guards need it: its value is not touched. */
export type Incoming = Readonly<{
  message: KafkaMessage;
  key: string;
  /** Undefined when the headers are not those of an event; `fault` then says what is wrong. */
  head?: Readonly<{ id: string; type: string; aggregate: string; sequence: number; branch: string | null }>;
  fault?: Fault;
}>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const header = (message: KafkaMessage, name: string): string => {
  const value = message.headers?.[name];
  return value === undefined ? '' : Array.isArray(value) ? '' : value.toString();
};

/** Reads what the guards need from the headers of one message. Never throws. */
export function readIncoming(message: KafkaMessage): Incoming {
  const key = message.key?.toString() ?? '';
  const id = header(message, 'ce_id');
  const aggregate = header(message, 'ce_subject');
  const branch = header(message, 'ce_branch');
  const sequence = Number(header(message, 'ce_sequence'));
  const type = header(message, 'ce_type');
  const whole = type !== '' && (branch === '' ? header(message, 'ce_group') === 'true' : UUID.test(branch));
  if (whole && UUID.test(id) && UUID.test(aggregate) && Number.isSafeInteger(sequence) && sequence > 0)
    return { message, key, head: { id, type, aggregate, sequence, branch: branch === '' ? null : branch } };
  return { message, key, fault: { code: 'event.malformed-headers', reason: malformed(message) } };
}

// The contract's own reader names each header that is wrong.
function malformed(message: KafkaMessage): string {
  try {
    readHeaders(message.headers ?? {});
    return 'An id in the headers is not a UUID in lower case';
  } catch (error) {
    return reasonOf(error);
  }
}

/** The whole event by its definition, or why it cannot be read. */
export function decodeIncoming(message: KafkaMessage, { definition }: EventEntry): EventEnvelope | Fault {
  try {
    return decodeEvent(readHeaders(message.headers ?? {}), message.value, definition);
  } catch (error) {
    return { code: isDomainError(error) ? error.code : 'event.unreadable', reason: reasonOf(error) };
  }
}
