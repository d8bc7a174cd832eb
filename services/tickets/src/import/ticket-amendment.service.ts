import { Injectable } from '@nestjs/common';
import { TicketAmended, TicketCancelled, TicketClassified, TicketCompleted } from '@steward/contracts';
import type { NewEvent } from '@steward/messaging';
import type { AuditEntry, CallContext, ImportRow, RowOutcome, Tx } from '@steward/platform';
import { isOnTime } from '../ticket/deadline.rules.js';
import { DeadlineService } from '../ticket/deadline.service.js';
import type { Ticket } from '../ticket/ticket.entity.js';
import { TicketRepository } from '../ticket/ticket.repository.js';
import type { TicketRow } from './ticket-import.dto.js';

type Patch = Partial<Ticket>;
type Fact = Pick<NewEvent, 'definition' | 'data'>;

const RECORDED = [
  'requesterName',
  'requesterPhone',
  'company',
  'unitText',
  'content',
  'outcome',
  'priority',
  'channel',
] as const;
const FILED = ['kind', 'categoryCode', 'receivedAt'] as const;

/** Takes over what a known row says differently (mode `update`): corrections, another filing, a new end. */
@Injectable()
export class TicketAmendmentService {
  constructor(
    private readonly repository: TicketRepository,
    private readonly deadlines: DeadlineService,
  ) {}

  async amend(tx: Tx, ctx: CallContext, row: ImportRow<TicketRow>): Promise<RowOutcome> {
    const before = await this.repository.lock(tx, row.record!.entityId!);
    if (!before) return rejected('import.record-gone', 'Its ticket is not in your scope any more.');
    const stated = statedBy(row.data);
    if ((before.completedAt && !stated.completedAt) || (before.cancelledAt && !stated.cancelledAt))
      return rejected('ticket.already-ended', 'Its ticket has ended; a file cannot open it again.');
    const { patch, facts } = await this.decide(before, stated);
    if (facts.length === 0) return { state: 'unchanged', entityId: before.id };
    const version = before.version + facts.length;
    const events = facts.map((fact, i): NewEvent => ({
      ...fact,
      aggregateId: before.id,
      branchId: before.branchId,
      sequence: before.version + 1 + i,
      occurredAt: ctx.now,
      origin: 'import',
    }));
    await this.repository.save(tx, ctx, before.id, { ...patch, version }, entryOf(before, patch), events);
    return { state: 'updated', entityId: before.id };
  }

  private async decide(before: Ticket, stated: Patch): Promise<{ patch: Patch; facts: Fact[] }> {
    const patch: Patch = {};
    const facts: Fact[] = [];
    const filed = different(before, stated, FILED);
    if (filed.length > 0) {
      Object.assign(patch, pick(stated, filed));
      Object.assign(patch, await this.deadlines.decide({ ...before, ...patch }));
      const { kind, categoryCode, dueAt, dueMissing } = { ...before, ...patch };
      facts.push({
        definition: TicketClassified,
        data: { ticketId: before.id, kind, categoryCode, dueAt: dueAt?.toISOString() ?? null, dueMissing },
      });
    }
    const recorded = different(before, stated, RECORDED);
    if (recorded.length > 0) {
      Object.assign(patch, pick(stated, recorded));
      facts.push({ definition: TicketAmended, data: { ticketId: before.id, fields: recorded } });
    }
    if (different(before, stated, ['completedAt', 'cancelledAt']).length > 0) {
      const { completedAt, cancelledAt } = stated;
      const { dueAt } = { ...before, ...patch };
      const onTime = completedAt ? isOnTime(completedAt, dueAt) : null;
      Object.assign(patch, { completedAt, cancelledAt, onTime, resumeAt: null, resumeTo: null });
      patch.state = completedAt ? 'completed' : 'cancelled';
      facts.push(
        ...endEvent({ ...before, ...patch }, 0).map(({ definition, data }) => ({ definition, data })),
      );
    }
    return { patch, facts };
  }
}

const rejected = (code: string, detail: string): RowOutcome => ({
  state: 'rejected',
  problems: [{ field: null, code, detail }],
});

const statedBy = (data: TicketRow): Patch & { completedAt: Date | null; cancelledAt: Date | null } => ({
  ...data,
  requesterName: data.requesterName ?? null,
  requesterPhone: data.requesterPhone ?? null,
  company: data.company ?? null,
  unitText: data.unitText ?? null,
  outcome: data.outcome ?? null,
  categoryCode: data.categoryCode ?? null,
  receivedAt: new Date(data.receivedAt),
  completedAt: data.completedAt ? new Date(data.completedAt) : null,
  cancelledAt: data.cancelledAt ? new Date(data.cancelledAt) : null,
});

const different = <F extends keyof Ticket>(before: Ticket, stated: Patch, fields: readonly F[]): F[] =>
  fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(stated[field]));

const pick = (from: Patch, fields: readonly (keyof Ticket)[]): Patch =>
  Object.fromEntries(fields.map((field) => [field, from[field]]));

const PERSONAL: readonly (keyof Ticket)[] = [
  'requesterName',
  'requesterPhone',
  'unitText',
  'content',
  'outcome',
];

const entryOf = (before: Ticket, patch: Patch): AuditEntry => ({
  branchId: before.branchId,
  entity: 'ticket',
  entityId: before.id,
  action: 'import',
  changes: (Object.keys(patch) as (keyof Ticket)[])
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(patch[field]))
    .map((field) => ({
      field,
      from: before[field],
      to: patch[field],
      ...(PERSONAL.includes(field) ? { personOf: before.id } : {}),
    })),
});

/** The fact that an imported ticket had ended, if it had. */
export function endEvent(ticket: Ticket, sequence: number): NewEvent[] {
  const common = { aggregateId: ticket.id, branchId: ticket.branchId, sequence, origin: ticket.origin };
  if (ticket.completedAt)
    return [
      {
        ...common,
        definition: TicketCompleted,
        occurredAt: ticket.completedAt,
        data: {
          ticketId: ticket.id,
          completedAt: ticket.completedAt.toISOString(),
          dueAt: ticket.dueAt?.toISOString() ?? null,
          onTime: ticket.onTime,
        },
      },
    ];
  if (ticket.cancelledAt)
    return [
      {
        ...common,
        definition: TicketCancelled,
        occurredAt: ticket.cancelledAt,
        data: { ticketId: ticket.id, cancelledAt: ticket.cancelledAt.toISOString() },
      },
    ];
  return [];
}
