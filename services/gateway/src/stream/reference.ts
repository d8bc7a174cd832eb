import type { Check } from '@steward/platform';

/** What a stream tells of an event: enough to read the thing again through the API, and nothing of its content. */
export type EventReference = Readonly<{
  /** `tickets.ticket-completed.v1` */
  type: string;
  /** Id of the aggregate (the ticket, the unit …). */
  id: string;
  /** Id of the branch; null for an event of the group. */
  branch: string | null;
  /** Place among the events of this aggregate, without gaps. */
  sequence: number;
  /** When it happened, ISO 8601. */
  time: string;
}>;

/** An event as it passes by; `grantee` is the subject whose roles it changes. */
export type ObservedEvent = Readonly<{ reference: EventReference; grantee?: string }>;

export type SourceListener = Readonly<{
  event(observed: ObservedEvent): void;
  /** Events may have passed unseen: at the first connection, and after an interruption. */
  gap(): void;
}>;

/** Where references come from: every event of the platform from now on, in order per aggregate. */
export type ReferenceSource = Readonly<{
  /** Begins in the background; an unreachable source is tried again until `stop`. */
  start(listener: SourceListener): void;
  stop(): Promise<void>;
  health(): Check;
}>;

/** Whether an event changes what callers may see: organisation's units and grants. */
export function changesScopes(type: string): boolean {
  return type.startsWith('organisation.unit-') || type.startsWith('organisation.role-');
}
