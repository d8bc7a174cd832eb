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
type Stated = Patch & Readonly<{ receivedAt: Date; completedAt: Date | null; cancelledAt: Date | null }>;
type Fact = Pick<NewEvent, 'definition' | 'data'>;

const RECORDED = [
  'requesterName',
  'requesterPhone',
  'company',
  'unitText',
  'content',
  'outcome',
  'priority',
] as const;
const FILED = ['kind', 'categoryCode'] as const;
/** Evidence of how it came in, told once with the registration. */
const FIXED = ['channel', 'receivedAt'] as const;

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
    const [fixed] = different(before, stated, FIXED);
    if (fixed)
      return rejected(
        'ticket.not-amendable',
        'How and when a ticket came in cannot be changed by a file.',
        fixed,
      );
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

  private async decide(before: Ticket, stated: Stated): Promise<{ patch: Patch; facts: Fact[] }> {
    const filed = await this.filing(before, stated);
    const fields = different(before, stated, RECORDED);
    const recorded = pick(stated, fields);
    const ended = ending({ ...before, ...filed }, stated, before);
    const after = { ...before, ...filed, ...recorded, ...ended };
    return {
      patch: { ...filed, ...recorded, ...ended },
      facts: [
        ...(isEmpty(filed) ? [] : [classified(after)]),
        ...(isEmpty(recorded) ? [] : [{ definition: TicketAmended, data: { ticketId: before.id, fields } }]),
        ...(isEmpty(ended) ? [] : endEvent(after, 0).map(({ definition, data }) => ({ definition, data }))),
      ],
    };
  }

  /** Another kind or category brings another deadline, by the policies that held at receipt. */
  private async filing(before: Ticket, stated: Stated): Promise<Patch> {
    const filed = pick(stated, different(before, stated, FILED));
    if (isEmpty(filed)) return {};
    const after = { ...before, ...filed };
    const state = before.state === 'registered' && after.categoryCode !== null ? 'classified' : before.state;
    return { ...filed, state, ...(await this.deadlines.decide(after)) };
  }
}

/** The end that the file states, judged against the deadline that its ticket now has. */
function ending(filed: Ticket, stated: Stated, before: Ticket): Patch {
  const { completedAt, cancelledAt } = stated;
  const onTime = completedAt ? isOnTime(completedAt, filed.dueAt) : null;
  const moved = completedAt !== null && filed.dueAt?.getTime() !== before.dueAt?.getTime();
  if (!moved && different(before, stated, ['completedAt', 'cancelledAt']).length === 0) return {};
  const state = completedAt ? 'completed' : 'cancelled';
  return { completedAt, cancelledAt, onTime, state, resumeAt: null, resumeTo: null };
}

const classified = ({ id: ticketId, kind, categoryCode, dueAt, dueMissing }: Ticket): Fact => ({
  definition: TicketClassified,
  data: { ticketId, kind, categoryCode, dueAt: dueAt?.toISOString() ?? null, dueMissing },
});

const isEmpty = (patch: Patch): boolean => Object.keys(patch).length === 0;

const rejected = (code: string, detail: string, field: string | null = null): RowOutcome => ({
  state: 'rejected',
  problems: [{ field, code, detail }],
});

/** What the file says; a field that it leaves empty stays as it is. */
const statedBy = ({
  categoryName: _name,
  receivedAt,
  completedAt,
  cancelledAt,
  ...rest
}: TicketRow): Stated => ({
  ...rest,
  receivedAt: new Date(receivedAt),
  completedAt: completedAt ? new Date(completedAt) : null,
  cancelledAt: cancelledAt ? new Date(cancelledAt) : null,
});

const different = <F extends keyof Ticket>(before: Ticket, stated: Patch, fields: readonly F[]): F[] =>
  fields.filter(
    (field) => stated[field] !== undefined && JSON.stringify(before[field]) !== JSON.stringify(stated[field]),
  );

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
