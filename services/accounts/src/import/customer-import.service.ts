import { Injectable } from '@nestjs/common';
import type { ImportJobContext, ImportKind, ImportRow, RowOutcome, Tx } from '@steward/platform';
import { CustomerService } from '../customer/customer.service.js';
import { customerNotFound } from '../customer/customer.errors.js';
import { CustomerRepository } from '../customer/customer.repository.js';
import { MERGERS } from '../customer/customer.rules.js';
import { customerRow, type CustomerRow } from './customer-import.dto.js';

/**
 * Imports customers, known by (branch, source, external id). A row that looks like somebody who is there already is
 * rejected, unless it says that this was looked at: whoever imports a list does not make a second master (ACC-02).
 */
@Injectable()
export class CustomerImportService implements ImportKind<CustomerRow> {
  readonly kind = 'customers';
  readonly roles = MERGERS;
  readonly rowSchema = customerRow;
  readonly branchField = 'branch' as const;

  constructor(
    private readonly repository: CustomerRepository,
    private readonly customers: CustomerService,
  ) {}

  async applyRows(
    tx: Tx,
    job: ImportJobContext,
    rows: readonly ImportRow<CustomerRow>[],
  ): Promise<RowOutcome[]> {
    const outcomes: RowOutcome[] = [];
    for (const row of rows) outcomes.push(await this.applyRow(tx, job, row));
    return outcomes;
  }

  private async applyRow(tx: Tx, job: ImportJobContext, row: ImportRow<CustomerRow>): Promise<RowOutcome> {
    const { phone, secondPhone, vehicleBrand, plate, ...data } = row.data;
    const wanted = {
      ...data,
      phones: [phone, secondPhone].filter((each) => each !== undefined),
      vehicles: plate === undefined ? [] : [{ brand: vehicleBrand ?? '', plate }],
    };
    const known = row.record?.entityId;
    if (!known) {
      const register = { ...wanted, branchId: row.branchId!, siteId: null };
      return { state: 'created', entityId: (await this.customers.add(tx, job.call, register)).id };
    }
    const before = await this.repository.lock(tx, known);
    if (!before) throw customerNotFound();
    const { acceptDuplicates: _, kind: __, ...person } = wanted;
    await this.customers.put(tx, job.call, before, { ...person, reason: 'import' });
    return { state: 'updated', entityId: known };
  }
}
