import { Injectable } from '@nestjs/common';
import { forbidden, moneyToJson } from '@steward/kernel';
import { Database, rolesAt, type CallContext, type Page, type Tx } from '@steward/platform';
import type { AllocationDto, AllocationsQuery, PaymentDto, PaymentsQuery } from './payment.dto.js';
import { paymentNotFound } from './payment.errors.js';
import type { Payment } from './payment.js';
import { PaymentRepository } from './payment.repository.js';
import { PAYMENT_RULES, paymentActions, type PaymentAction } from './payment.rules.js';

/** Reads payments: one, a page of them, what one pays for. */
@Injectable()
export class PaymentQueryService {
  constructor(
    private readonly database: Database,
    private readonly repository: PaymentRepository,
  ) {}

  async get(ctx: CallContext, id: string): Promise<PaymentDto> {
    return this.database.read(ctx.scope, (tx) => this.present(tx, ctx, id));
  }

  async list(ctx: CallContext, query: PaymentsQuery): Promise<Page<PaymentDto>> {
    const { items, next } = await this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
    return { items: items.map((payment) => toPaymentDto(ctx, payment)), next };
  }

  async allocations(ctx: CallContext, id: string, query: AllocationsQuery): Promise<Page<AllocationDto>> {
    return this.database.read(ctx.scope, async (tx) => {
      if (!(await this.repository.find(tx, id))) throw paymentNotFound();
      const { items, next } = await this.repository.allocations(tx, id, query);
      return {
        items: items.map(({ amount, currency, ...rest }) => ({
          ...rest,
          amount: moneyToJson({ minor: BigInt(amount), currency }),
        })),
        next,
      };
    });
  }

  /** The payment as the caller may see it, within the transaction. */
  async present(tx: Tx, ctx: CallContext, id: string): Promise<PaymentDto> {
    const payment = await this.repository.find(tx, id);
    if (!payment) throw paymentNotFound();
    return toPaymentDto(ctx, payment);
  }

  /** The scope let the caller find it by some role; the action needs one of its own roles over this very record. */
  checkRole(ctx: CallContext, payment: Payment, action: PaymentAction): void {
    if (!rolesAt(ctx, payment).some((role) => PAYMENT_RULES[action].roles.includes(role)))
      throw forbidden(
        'payment.role-missing',
        `Your roles do not allow the action ${action} on this payment.`,
      );
  }
}

function toPaymentDto(ctx: CallContext, payment: Payment): PaymentDto {
  const { currency } = payment;
  const money = (minor: bigint) => moneyToJson({ minor, currency });
  const standing = {
    state: payment.state,
    amount: payment.amountMinor,
    left: payment.leftMinor,
    returned: payment.returnedMinor,
  };
  return {
    id: payment.id,
    branchId: payment.branchId,
    siteId: payment.siteId,
    accountId: payment.accountId,
    customerId: payment.customerId,
    state: payment.state,
    method: payment.method,
    provider: payment.provider,
    providerId: payment.providerId,
    invoiceNumber: payment.toldInvoice,
    reference: payment.reference,
    amount: money(payment.amountMinor),
    left: money(payment.leftMinor),
    returned: money(payment.returnedMinor),
    receivedOn: payment.receivedOn,
    receivedAt: payment.receivedAt.toISOString(),
    recordedBy: payment.recordedBy,
    receiptNumber: payment.receiptNumber,
    cashHandoverId: payment.handoverId,
    actions: paymentActions(standing, rolesAt(ctx, payment)),
    version: payment.version,
  };
}
