import { Injectable } from '@nestjs/common';
import { fromLocalTime, parseMoney, toLocalDate } from '@steward/kernel';
import {
  day,
  text,
  type ImportJobContext,
  type ImportKind,
  type ImportRow,
  type RowOutcome,
  type Tx,
} from '@steward/platform';
import { z } from 'zod';
import { AccountRepository } from '../account/account.repository.js';
import { accountKey } from '../account/account.service.js';
import { BranchService } from '../branch/branch.service.js';
import { METHODS } from '../ledger/ledger.rules.js';
import { newPayment, PaymentService, type Intake } from '../payment/payment.service.js';
import { AMOUNT, CURRENCY, MONEY_IMPORTERS } from './money-import.js';

/** One row of a bank's or provider's list of payments. */
export const paymentRow = z
  .strictObject({
    providerId: text(200).describe("The bank's or provider's id of the payment: booked once"),
    provider: text(100).optional().describe('Who moved the money; the source of the file, if left out'),
    customerId: z.uuid().optional().describe('Id of the customer whose account without a unit it is for'),
    accountId: z.uuid().optional().describe('Id of the billing account'),
    invoiceNumber: text(100).optional().describe('Number of the invoice that it pays'),
    method: z.enum(METHODS).exclude(['cash']).default('transfer').describe('How the money came'),
    amount: AMOUNT().describe('Amount'),
    currency: CURRENCY().describe('Currency'),
    receivedOn: day().describe("The branch's local day on which it came in"),
    reference: text(200).optional().describe('What stands on the transfer'),
  })
  .meta({ id: 'PaymentRow' });
export type PaymentRow = z.output<typeof paymentRow>;

type Row = ImportRow<PaymentRow>;

/** Books a bank's or provider's list of payments, in the order of its rows; each payment once, whoever told of it first. */
@Injectable()
export class PaymentImportService implements ImportKind<PaymentRow> {
  readonly kind = 'payments';
  readonly roles = MONEY_IMPORTERS;
  readonly rowSchema = paymentRow;
  readonly branchField = 'branch' as const;

  constructor(
    private readonly payments: PaymentService,
    private readonly accounts: AccountRepository,
    private readonly branches: BranchService,
  ) {}

  async applyRows(tx: Tx, job: ImportJobContext, rows: readonly Row[]): Promise<RowOutcome[]> {
    const wanted = rows.filter(({ data }) => data.customerId !== undefined).map(accountOf);
    const known = wanted.length > 0 ? await this.accounts.findAll(tx, wanted) : [];
    const accounts = new Map(known.map((account) => [accountKey(account), account.id]));
    const intakes = new Map<Row, Intake>();
    const outcomes = new Map<Row, RowOutcome>();
    for (const row of rows) {
      const intake = await this.intakeOf(job, row, accounts);
      if (intake) intakes.set(row, intake);
      else outcomes.set(row, refused('received-in-future', 'Money cannot have come in on a coming day.'));
    }
    const taken = await this.payments.take(tx, job.call, [...intakes.values()]);
    for (const [at, row] of [...intakes.keys()].entries()) {
      const { id: entityId, repeated } = taken[at]!;
      outcomes.set(row, { state: repeated ? 'unchanged' : 'created', entityId });
    }
    return rows.map((row) => outcomes.get(row)!);
  }

  /** Undefined for money of a day that has not come. */
  private async intakeOf(
    job: ImportJobContext,
    row: Row,
    accounts: ReadonlyMap<string, string>,
  ): Promise<Intake | undefined> {
    const { data, branchId } = row;
    const { timeZone } = await this.branches.of(branchId!);
    if (data.receivedOn > toLocalDate(job.call.now, timeZone)) return undefined;
    const noon = fromLocalTime(`${data.receivedOn}T12:00`, timeZone);
    const { minor: amountMinor, currency } = parseMoney({ amount: data.amount, currency: data.currency });
    const payment = newPayment(job.call, {
      branchId: branchId!,
      siteId: null,
      method: data.method,
      provider: data.provider ?? job.source,
      providerId: data.providerId,
      reference: data.reference ?? null,
      till: null,
      amountMinor,
      currency,
      receivedAt: noon > job.call.now ? job.call.now : noon,
      receivedOn: data.receivedOn,
      accountId: data.accountId ?? accounts.get(accountKey(accountOf(row))) ?? null,
      invoiceNumber: data.invoiceNumber ?? null,
    });
    return { payment, told: [], lenient: true };
  }
}

const refused = (code: string, detail: string): RowOutcome => ({
  state: 'rejected',
  problems: [{ field: 'receivedOn', code: `payment.${code}`, detail }],
});

const accountOf = ({ branchId, data }: Row) => ({
  branchId: branchId!,
  siteId: null,
  customerId: data.customerId ?? '',
  propertyUnitId: null,
});
