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
import { newPayment, PaymentService } from '../payment/payment.service.js';
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
    // in the order of ids, so that two jobs never wait for each other's accounts in a circle
    await this.accounts.lockAll(tx, [...new Set(accounts.values())]);
    const outcomes: RowOutcome[] = [];
    for (const row of rows) outcomes.push(await this.take(tx, job, row, accounts));
    return outcomes;
  }

  private async take(
    tx: Tx,
    job: ImportJobContext,
    row: Row,
    accounts: ReadonlyMap<string, string>,
  ): Promise<RowOutcome> {
    const { data, branchId } = row;
    const { timeZone } = await this.branches.of(branchId!);
    if (data.receivedOn > toLocalDate(job.call.now, timeZone))
      return refused('received-in-future', 'Money cannot have come in on a coming day.');
    const noon = fromLocalTime(`${data.receivedOn}T12:00`, timeZone);
    const receivedAt = noon > job.call.now ? job.call.now : noon;
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
      receivedAt,
      receivedOn: data.receivedOn,
      accountId: data.accountId ?? accounts.get(accountKey(accountOf(row))) ?? null,
      invoiceNumber: data.invoiceNumber ?? null,
    });
    const { id, repeated } = await this.payments.take(tx, job.call, { payment, told: [], lenient: true });
    return { state: repeated ? 'unchanged' : 'created', entityId: id };
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
