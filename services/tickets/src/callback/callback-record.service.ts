import { Injectable } from '@nestjs/common';
import type { EventDefinition } from '@steward/contracts';
import { Outbox } from '@steward/messaging';
import { type AuditChange, changesOf, Audit, type CallContext, type Tx } from '@steward/platform';
import { CallbackRepository, type Callback } from './callback.repository.js';

const FIELDS = [
  'state',
  'dueAt',
  'attempts',
  'score',
  'priceAgrees',
  'conductGood',
  'words',
  'onTime',
] as const;
const PERSONAL: readonly string[] = ['attempts', 'words'];

/** Stores callbacks with trail and event. */
@Injectable()
export class CallbackRecordService {
  constructor(
    private readonly repository: CallbackRepository,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
  ) {}

  async store(
    tx: Tx,
    ctx: CallContext,
    before: Callback | null,
    after: Callback,
    fact: Readonly<{ action: string; definition: EventDefinition; data: Record<string, unknown> }>,
  ): Promise<Callback> {
    if (before) await this.repository.update(tx, after);
    else await this.repository.add(tx, after);
    await this.audit.record(tx, ctx, {
      branchId: after.branchId,
      entity: 'callback',
      entityId: after.id,
      action: fact.action,
      changes: told(before, after),
    });
    await this.outbox.append(tx, ctx, {
      definition: fact.definition,
      aggregateId: after.id,
      branchId: after.branchId,
      sequence: after.version,
      occurredAt: ctx.now,
      data: { callbackId: after.id, ticketId: after.ticketId, ...fact.data },
    });
    return after;
  }
}

const told = (before: Callback | null, after: Callback): AuditChange[] =>
  changesOf(before, after, FIELDS).map((change) =>
    PERSONAL.includes(change.field) ? { ...change, personOf: after.ticketId } : change,
  );
