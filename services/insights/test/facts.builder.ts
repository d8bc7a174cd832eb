import {
  CallbackRecorded,
  CallbackScheduled,
  ReworkOrdered,
  TicketAssigned,
  TicketCancelled,
  TicketClassified,
  TicketCompleted,
  TicketPaused,
  TicketRegistered,
  TicketReopened,
  TicketResumed,
  type EventDefinition,
  type TicketKind,
} from '@steward/contracts';
import { FactStream } from '@steward/directory/testing';
import { newId } from '@steward/kernel';
import type { Kafka } from '@steward/messaging';

export type TicketSpec = Readonly<{
  received: string;
  kind?: TicketKind;
  channel?: string;
  category?: string | null;
  due?: string | null;
  site?: string;
  source?: string | null;
  /** when it was recorded, for a ticket of a closed month */
  late?: string;
}>;

/** Facts of tickets as the tickets service publishes them. */
export class FactsBuilder extends FactStream {
  /** `id` knows units by their codes. */
  constructor(
    kafka: Kafka,
    readonly id: (code: string) => string,
  ) {
    super(kafka);
  }

  /** A ticket comes in at a branch; gives its id. */
  ticket(branch: string, number: string, spec: TicketSpec): string {
    const ticketId = newId();
    const { received, due = null, source = null } = spec;
    const data = {
      ticketId,
      number,
      kind: spec.kind ?? 'repair',
      channel: spec.channel ?? 'hotline',
      categoryCode: spec.category === undefined ? 'water-leak' : spec.category,
      siteId: spec.site === undefined ? null : this.id(spec.site),
      priority: 'routine',
      receivedAt: received,
      registeredAt: received,
      dueAt: due,
      dueMissing: due === null ? 'tickets.sla.repair.resolve' : null,
      source,
      externalId: source === null ? null : number,
    };
    const place = { branch: this.id(branch), at: received };
    const late = spec.late === undefined ? {} : { recorded: spec.late, late: true };
    this.state(TicketRegistered, ticketId, { ...place, ...late }, data);
    return ticketId;
  }

  completed(ticketId: string, branch: string, completedAt: string, dueAt: string | null): void {
    const onTime = dueAt === null ? null : completedAt <= dueAt;
    this.fact(TicketCompleted, ticketId, this.id(branch), completedAt, {
      ticketId,
      completedAt,
      dueAt,
      onTime,
    });
  }

  cancelled(ticketId: string, branch: string, cancelledAt: string): void {
    this.fact(TicketCancelled, ticketId, this.id(branch), cancelledAt, { ticketId, cancelledAt });
  }

  reopened(ticketId: string, branch: string, reopenedAt: string, dueAt: string | null): void {
    const data = { ticketId, reopenedAt, reason: 'not-solved', dueAt };
    this.fact(TicketReopened, ticketId, this.id(branch), reopenedAt, data);
  }

  rework(ticketId: string, branch: string, orderedAt: string, dueAt: string | null): void {
    this.fact(ReworkOrdered, ticketId, this.id(branch), orderedAt, { ticketId, round: 1, orderedAt, dueAt });
  }

  /** A customer is to be called back; gives the callback's id. */
  callback(ticketId: string, branch: string, at: string): string {
    const callbackId = newId();
    const data = { callbackId, ticketId, priority: 'routine', dueAt: '2026-12-01T00:00:00.000Z' };
    this.fact(CallbackScheduled, callbackId, this.id(branch), at, data);
    return callbackId;
  }

  calledBack(
    callbackId: string,
    ticketId: string,
    branch: string,
    recordedAt: string,
    result: CallbackRecorded['result'],
  ): void {
    const said = { score: null, priceAgrees: null, conductGood: null, onTime: true };
    const data = { callbackId, ticketId, recordedAt, result, ...said };
    this.fact(CallbackRecorded, callbackId, this.id(branch), recordedAt, data);
  }

  paused(ticketId: string, branch: string, from: string, until: string, dueAt: string): void {
    const data = { ticketId, reason: 'no-access', from, until, dueAt };
    this.fact(TicketPaused, ticketId, this.id(branch), from, data);
  }

  resumed(ticketId: string, branch: string, resumedAt: string, dueAt: string): void {
    this.fact(TicketResumed, ticketId, this.id(branch), resumedAt, { ticketId, resumedAt, dueAt });
  }

  /** A fact that the figures do not look at. */
  assigned(ticketId: string, branch: string, assignedAt: string): void {
    this.fact(TicketAssigned, ticketId, this.id(branch), assignedAt, {
      ticketId,
      assigneeId: newId(),
      assignedAt,
    });
  }

  classified(
    ticketId: string,
    branch: string,
    at: string,
    to: { kind: TicketKind; category: string | null; due: string | null },
  ): void {
    const missing = to.due === null ? 'tickets.sla.repair.resolve' : null;
    const data = { ticketId, kind: to.kind, categoryCode: to.category, dueAt: to.due, dueMissing: missing };
    this.fact(TicketClassified, ticketId, this.id(branch), at, data);
  }

  private fact<T>(
    definition: EventDefinition<T>,
    aggregateId: string,
    branch: string,
    at: string,
    data: T,
  ): void {
    this.state(definition, aggregateId, { branch, at }, data);
  }
}
