import { PERSON_AGGREGATES, withoutPersons, findEvent } from '@steward/contracts';
import { nameId } from '@steward/kernel';
import type { PersonalField } from './reduce.rules.js';

/** A row of the partner log. */
export type LoggedEvent = Readonly<{
  position: number;
  eventId: string;
  branchId: string | null;
  type: string;
  aggregateId: string;
  sequence: number;
  occurredAt: Date;
  recordedAt: Date;
  origin: string;
  late: boolean;
  actor: string;
  correlationId: string;
  traceparent: string | null;
  data: unknown;
}>;

/** An event as partners get it, by webhook, feed or topic. */
export type PartnerEvent = Readonly<{
  id: string;
  type: string;
  timestamp: string;
  branchId: string | null;
  aggregateId: string;
  sequence: number;
  recordedAt: string;
  origin: string;
  late: boolean;
  actor?: string;
  data: unknown;
}>;

/**
 * The event reduced to what the grant says (PTR-02): ids of people go unless their kind is granted. The id of an
 * aggregate that is a person becomes one of the partner's own, so that order and repeats can be told all the same.
 */
export function reduced(
  event: LoggedEvent,
  partnerId: string,
  kept: ReadonlySet<PersonalField>,
): PartnerEvent {
  const person = PERSON_AGGREGATES[findEvent(event.type)?.aggregate ?? ''];
  const hidden = person !== undefined && !kept.has(person);
  return {
    id: event.eventId,
    type: event.type,
    timestamp: event.occurredAt.toISOString(),
    branchId: event.branchId,
    aggregateId: hidden ? nameId(partnerId, event.aggregateId) : event.aggregateId,
    sequence: event.sequence,
    recordedAt: event.recordedAt.toISOString(),
    origin: event.origin,
    late: event.late,
    ...(kept.has('employee') ? { actor: event.actor } : {}),
    data: withoutPersons(event.data, kept),
  };
}

const PARTNERS = 'partners';

/** The id of a partner: always the same for the same client. */
export const partnerIdOf = (client: string): string => nameId(PARTNERS, client);
