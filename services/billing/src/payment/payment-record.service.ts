import { Injectable } from '@nestjs/common';
import { PaymentReceived, PaymentReversed } from '@steward/contracts';
import { moneyToJson } from '@steward/kernel';
import { Outbox, type NewEvent } from '@steward/messaging';
import { Audit, type AuditChange, type CallContext, type Tx } from '@steward/platform';
import type { Account } from '../account/account.repository.js';
import type { Payment, PaymentReturn } from './payment.js';
import { PaymentRepository } from './payment.repository.js';

/** What is written down of a payment besides its row: trail and facts. */
@Injectable()
export class PaymentRecordService {
  constructor(
    private readonly repository: PaymentRepository,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
  ) {}

  async trail(
    tx: Tx,
    ctx: CallContext,
    payment: Payment,
    entry: Readonly<{ action: string; reason?: string | undefined; changes: readonly AuditChange[] }>,
  ): Promise<void> {
    const { reason, ...rest } = entry;
    await this.audit.record(tx, ctx, {
      branchId: payment.branchId,
      entity: 'payment',
      entityId: payment.id,
      ...rest,
      ...(reason === undefined ? {} : { reason }),
    });
  }

  /** Tells that payments came in; it is the first fact of each. */
  async received(
    tx: Tx,
    ctx: CallContext,
    payments: readonly Readonly<{ payment: Payment; account: Account; number: string }>[],
  ): Promise<void> {
    await this.outbox.append(
      tx,
      ctx,
      payments.map(({ payment, account, number }) => receivedFact(payment, account, number)),
    );
  }

  /** Writes down what was told of payments when they came in. */
  async intake(tx: Tx, ctx: CallContext, payments: readonly Payment[]): Promise<void> {
    await this.audit.recordAll(
      tx,
      ctx,
      payments.map((payment) => ({
        branchId: payment.branchId,
        entity: 'payment',
        entityId: payment.id,
        action: 'receive',
        changes: receivedChanges(payment),
      })),
    );
  }

  /** Money of an unknown payer was never told as received, so nothing is told when it goes back. */
  async returned(tx: Tx, ctx: CallContext, { payment, why, ...given }: PaymentReturn): Promise<void> {
    if (payment.accountId === null) return;
    const { id: paymentId, branchId, accountId, currency } = payment;
    await this.outbox.append(tx, ctx, {
      definition: PaymentReversed,
      aggregateId: paymentId,
      branchId,
      sequence: await this.repository.nextFact(tx, paymentId),
      occurredAt: ctx.now,
      data: {
        paymentId,
        accountId,
        amount: moneyToJson({ minor: given.amountMinor, currency }),
        why,
        reversedOn: given.returnedOn,
        reversedAt: ctx.now.toISOString(),
      },
    });
  }
}

function receivedFact(payment: Payment, account: Account, number: string): NewEvent<PaymentReceived> {
  const { id: paymentId, branchId, method, receivedOn, receivedAt } = payment;
  return {
    definition: PaymentReceived,
    aggregateId: paymentId,
    branchId,
    sequence: 1,
    occurredAt: receivedAt,
    data: {
      paymentId,
      number,
      accountId: account.id,
      customerId: account.customerId,
      amount: moneyToJson({ minor: payment.leftMinor, currency: payment.currency }),
      method,
      receivedOn,
      receivedAt: receivedAt.toISOString(),
    },
  };
}

const RECEIVED = [
  'method',
  'provider',
  'providerId',
  'currency',
  'receivedOn',
  'toldAccount',
  'toldInvoice',
] as const;

const receivedChanges = (payment: Payment): AuditChange[] => [
  { field: 'amountMinor', from: null, to: String(payment.amountMinor) },
  ...RECEIVED.filter((field) => payment[field] !== null).map((field) => ({
    field,
    from: null,
    to: payment[field],
  })),
];
