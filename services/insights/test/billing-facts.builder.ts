import {
  ChargeAllocated,
  ChargeRaised,
  ChargeReversed,
  CreditNoteIssued,
  PaymentReceived,
  PaymentReversed,
} from '@steward/contracts';
import { FactStream } from '@steward/directory/testing';
import { moneyToJson, newId } from '@steward/kernel';
import type { Kafka } from '@steward/messaging';

/** When it happened, and for a fact of a closed month when it was recorded. */
export type When = Readonly<{ at: string; late?: string }>;
type Charge = Readonly<{ chargeId: string; branch: string; open: bigint; currency: string }>;

const account = newId();

/** Facts of billing as the billing service publishes them; amounts in minor units. */
export class BillingFacts extends FactStream {
  private readonly charges = new Map<string, Charge>();

  /** `id` knows units by their codes. */
  constructor(
    kafka: Kafka,
    readonly id: (code: string) => string,
  ) {
    super(kafka);
  }

  /** A charge; gives its id. `dueOn` is a day. */
  charge(
    branch: string,
    amount: bigint,
    dueOn: string,
    when: When,
    { site, currency = 'CNY' }: { site?: string; currency?: string } = {},
  ): string {
    const chargeId = newId();
    this.charges.set(chargeId, { chargeId, branch, open: amount, currency });
    const day = when.at.slice(0, 10);
    this.state(ChargeRaised, chargeId, this.place(branch, when), {
      chargeId,
      accountId: account,
      customerId: null,
      propertyUnitId: null,
      siteId: site === undefined ? null : this.id(site),
      ticketId: null,
      feeItemCode: 'management',
      amount: moneyToJson({ minor: amount, currency }),
      serviceFrom: day,
      serviceTo: day,
      dueOn,
    });
    return chargeId;
  }

  reverse(chargeId: string, when: When): void {
    const charge = this.charges.get(chargeId)!;
    this.state(ChargeReversed, chargeId, this.place(charge.branch, when), {
      chargeId,
      accountId: account,
      ticketId: null,
      feeItemCode: 'management',
      amount: moneyToJson({ minor: charge.open, currency: charge.currency }),
      reversedOn: when.at.slice(0, 10),
      reversedAt: when.at,
    });
  }

  /** A payment that settles parts of charges; gives its id. */
  pay(branch: string, amount: bigint, when: When, parts: Readonly<Record<string, bigint>> = {}): string {
    const paymentId = newId();
    this.state(PaymentReceived, paymentId, this.place(branch, when), {
      paymentId,
      number: `${branch}-R-${paymentId.slice(-6)}`,
      accountId: account,
      customerId: null,
      amount: moneyToJson({ minor: amount, currency: 'CNY' }),
      method: 'wechat',
      receivedOn: when.at.slice(0, 10),
      receivedAt: when.at,
    });
    for (const [chargeId, part] of Object.entries(parts)) this.settle(chargeId, part, when, { paymentId });
    return paymentId;
  }

  /** A payment goes back, and what it settled is open again. */
  payBack(
    paymentId: string,
    branch: string,
    amount: bigint,
    when: When,
    parts: Readonly<Record<string, bigint>> = {},
  ): void {
    this.state(PaymentReversed, paymentId, this.place(branch, when), {
      paymentId,
      accountId: account,
      amount: moneyToJson({ minor: amount, currency: 'CNY' }),
      why: 'bounced',
      reversedOn: when.at.slice(0, 10),
      reversedAt: when.at,
    });
    for (const [chargeId, part] of Object.entries(parts)) this.settle(chargeId, -part, when, { paymentId });
  }

  /** A credit note takes an amount off one charge. */
  creditNote(chargeId: string, amount: bigint, when: When): void {
    const { branch } = this.charges.get(chargeId)!;
    const creditNoteId = newId();
    this.state(CreditNoteIssued, creditNoteId, this.place(branch, when), {
      creditNoteId,
      number: `${branch}-N-${creditNoteId.slice(-6)}`,
      invoiceId: newId(),
      accountId: account,
      total: moneyToJson({ minor: amount, currency: 'CNY' }),
      issuedOn: when.at.slice(0, 10),
    });
    this.settle(chargeId, amount, when, { creditNoteId });
  }

  private settle(
    chargeId: string,
    amount: bigint,
    when: When,
    { paymentId = null, creditNoteId = null }: { paymentId?: string | null; creditNoteId?: string | null },
  ): void {
    const charge = this.charges.get(chargeId)!;
    const open = charge.open - amount;
    this.charges.set(chargeId, { ...charge, open });
    this.state(ChargeAllocated, chargeId, this.place(charge.branch, when), {
      chargeId,
      accountId: account,
      ticketId: null,
      amount: moneyToJson({ minor: amount, currency: charge.currency }),
      open: moneyToJson({ minor: open, currency: charge.currency }),
      paymentId,
      creditNoteId,
      allocatedOn: when.at.slice(0, 10),
      allocatedAt: when.at,
    });
  }

  private place(branch: string, { at, late }: When) {
    return { branch: this.id(branch), at, recorded: late ?? at, late: late !== undefined };
  }
}
