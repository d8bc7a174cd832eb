import { Injectable } from '@nestjs/common';
import { newId, parseMoney } from '@steward/kernel';
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
import { accountKey, AccountService } from '../account/account.service.js';
import type { Account } from '../account/account.repository.js';
import { BranchService } from '../branch/branch.service.js';
import { BARE_CHARGE, type NewCharge } from '../charge/charge.js';
import { ChargeService } from '../charge/charge.service.js';
import { CustomerRepository } from '../customer/customer.repository.js';
import { FEE_ITEM_CODE } from '../fee-item/fee-item.rules.js';
import { PropertyUnitRepository } from '../property-unit/property-unit.repository.js';
import { AMOUNT, CURRENCY, MONEY_IMPORTERS } from './money-import.js';

/** One row of a list of debts that are taken over from elsewhere. */
export const debtRow = z
  .strictObject({
    customerId: z.uuid().describe('Id of the customer'),
    propertyUnitId: z.uuid().optional().describe('Id of the unit'),
    feeItemCode: text(60).regex(FEE_ITEM_CODE, 'is not the code of a fee item').describe('Fee item'),
    reference: text(100).describe('The document by which it is owed, once per branch'),
    serviceFrom: day().describe('First day of what is charged'),
    serviceTo: day().describe('Last day'),
    amount: AMOUNT().describe('Amount'),
    currency: CURRENCY().describe('Currency'),
    bookedOn: day().describe('Day since which it is owed'),
    dueOn: day().describe('Day on which it is due'),
  })
  .meta({ id: 'DebtRow' });
export type DebtRow = z.output<typeof debtRow>;

type Row = ImportRow<DebtRow>;

/** Takes over what customers owe from elsewhere: a batch becomes charges in a constant number of statements. */
@Injectable()
export class DebtImportService implements ImportKind<DebtRow> {
  readonly kind = 'debts';
  readonly roles = MONEY_IMPORTERS;
  readonly rowSchema = debtRow;
  readonly branchField = 'branch' as const;

  constructor(
    private readonly accounts: AccountService,
    private readonly charges: ChargeService,
    private readonly customers: CustomerRepository,
    private readonly units: PropertyUnitRepository,
    private readonly branches: BranchService,
  ) {}

  async applyRows(tx: Tx, job: ImportJobContext, rows: readonly Row[]): Promise<RowOutcome[]> {
    const outcomes = new Map<Row, RowOutcome>();
    for (const [branchId, list] of Map.groupBy(rows, (row) => row.branchId!)) {
      const today = await this.branches.dayOf(branchId, job.call.now);
      const known = await this.known(tx, branchId, list);
      const good = list.filter((row) => !problemOf(row, today, known));
      const wanted = good.map((row) => accountOf(row, known));
      const accounts = await this.accounts.open(tx, job.call, wanted, today);
      const charges = good.map(
        (row) => [row, chargeOf(row, accounts.get(accountKey(accountOf(row, known)))!, job)] as const,
      );
      const raised = await this.charges.raise(
        tx,
        job.call,
        charges.map(([, charge]) => charge),
      );
      const ids = new Set(raised.map(({ id }) => id));
      for (const [row, { id }] of charges)
        outcomes.set(
          row,
          ids.has(id) ? { state: 'created', entityId: id } : refused('reference-taken', TAKEN),
        );
      for (const row of list) if (!outcomes.has(row)) outcomes.set(row, problemOf(row, today, known)!);
    }
    return rows.map((row) => outcomes.get(row)!);
  }

  /** What the branch has of the customers and units that the rows name. */
  private async known(tx: Tx, branchId: string, rows: readonly Row[]): Promise<Known> {
    const units = await this.units.inBranch(
      tx,
      branchId,
      rows.flatMap(({ data }) => data.propertyUnitId ?? []),
    );
    const named = rows.map(({ data }) => data.customerId);
    return {
      customers: await this.customers.seenIn(tx, branchId, named),
      sites: new Map(units.map(({ id, siteId }) => [id, siteId])),
    };
  }
}

type Known = Readonly<{ customers: ReadonlySet<string>; sites: ReadonlyMap<string, string> }>;

const TAKEN = 'The branch has a charge by this document.';

const refused = (code: string, detail: string, field: string | null = null): RowOutcome => ({
  state: 'rejected',
  problems: [{ field, code: `debt.${code}`, detail }],
});

/** What makes a row of debts unfit. */
function problemOf({ data, record }: Row, today: string, known: Known): RowOutcome | undefined {
  if (record?.entityId)
    return refused('import-fixed', 'A charge does not change: credit it and import another one.');
  if (!known.customers.has(data.customerId))
    return refused('customer-unknown', 'The branch has no such customer.', 'customerId');
  if (data.propertyUnitId !== undefined && !known.sites.has(data.propertyUnitId))
    return refused('unit-unknown', 'The branch has no such property unit.', 'propertyUnitId');
  if (data.serviceFrom > data.serviceTo)
    return refused('service-ends-early', 'serviceTo is before serviceFrom.');
  if (data.bookedOn > today) return refused('booked-ahead', 'The debt is booked on a day that has not come.');
  return undefined;
}

const accountOf = ({ branchId, data }: Row, { sites }: Known) => ({
  branchId: branchId!,
  siteId: (data.propertyUnitId && sites.get(data.propertyUnitId)) ?? null,
  customerId: data.customerId,
  propertyUnitId: data.propertyUnitId ?? null,
});

function chargeOf({ data }: Row, account: Account, job: ImportJobContext): NewCharge {
  const { minor, currency } = parseMoney({ amount: data.amount, currency: data.currency });
  const { branchId, siteId, customerId, propertyUnitId } = account;
  const { feeItemCode, reference, serviceFrom, serviceTo, bookedOn, dueOn } = data;
  return {
    ...BARE_CHARGE,
    ...{ branchId, siteId, customerId, propertyUnitId, feeItemCode, serviceFrom, serviceTo, bookedOn, dueOn },
    id: newId(job.call.now.getTime()),
    accountId: account.id,
    kind: 'manual',
    reference,
    amountMinor: minor,
    currency,
    explanation: { reference, source: job.source },
  };
}
