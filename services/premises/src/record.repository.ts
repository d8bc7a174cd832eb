import { Injectable } from '@nestjs/common';
import type { EventDefinition } from '@steward/contracts';
import { Outbox } from '@steward/messaging';
import { Audit, type AuditChange, type CallContext, type Tx } from '@steward/platform';

/** A changed record of the register, for its trail and its fact. */
export type Fact<T> = Readonly<{
  entity: string;
  id: string;
  branchId: string;
  /** its aggregate and the aggregate's new version */
  aggregateId: string;
  sequence: number;
  action: string;
  reason?: string | undefined;
  changes: readonly AuditChange[];
  definition: EventDefinition<T>;
  data: T;
}>;

/** Writes trail and event history of the register in the transaction of the change. */
@Injectable()
export class RecordRepository {
  constructor(
    private readonly audit: Audit,
    private readonly outbox: Outbox,
  ) {}

  async tell<T>(tx: Tx, ctx: CallContext, fact: Fact<T>): Promise<void> {
    const { entity, id: entityId, branchId, action, reason, changes } = fact;
    await this.audit.record(tx, ctx, {
      branchId,
      entity,
      entityId,
      action,
      changes,
      ...(reason === undefined ? {} : { reason }),
    });
    const { definition, aggregateId, sequence, data } = fact;
    await this.outbox.append(tx, ctx, {
      definition,
      aggregateId,
      branchId,
      sequence,
      occurredAt: ctx.now,
      data,
    });
  }
}
