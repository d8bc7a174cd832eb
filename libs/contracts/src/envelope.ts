/** Where a fact came from: from work in the platform, or from an imported history. */
export type EventOrigin = 'live' | 'import';

/** Everything about an event that its headers tell, without its data. */
export type EnvelopeHeaders = Readonly<{
  id: string;
  /** `tickets.ticket-completed.v1`; may be a type that this build does not know. */
  type: string;
  /** The service that published it. */
  source: string;
  /** Aggregate id; also the Kafka key. */
  subject: string;
  /** When the fact happened. */
  time: Date;
  /** Id of the branch whose fact it is; null for a fact of the group. */
  branch: string | null;
  /** Gapless per aggregate, from 1. */
  sequence: number;
  /** When it was written to the outbox. */
  recordedTime: Date;
  actor: string;
  correlationId: string;
  causationId?: string;
  origin: EventOrigin;
  /** True when the fact belongs to a period that was already closed. */
  late: boolean;
  traceparent?: string;
}>;

/** An event as handlers see it. */
export type EventEnvelope<T = unknown> = EnvelopeHeaders & Readonly<{ data: T }>;

/** Headers as they go on the wire: CloudEvents 1.0, Kafka protocol binding, binary mode. */
export type WireHeaders = Record<string, string>;

/** Headers as Kafka clients hand them over. */
export type ReceivedHeaders = Readonly<
  Record<string, Uint8Array | string | readonly (Uint8Array | string)[] | null | undefined>
>;

/** A message's value as Kafka clients hand it over; null is a tombstone. */
export type ReceivedValue = Uint8Array | string | null | undefined;
