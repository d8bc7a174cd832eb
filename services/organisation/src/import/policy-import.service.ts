import { Injectable } from '@nestjs/common';
import { unprocessable } from '@steward/kernel';
import type { ImportJobContext, ImportKind, ImportRow, RowOutcome, Tx } from '@steward/platform';
import { PolicyService, type PolicyWish } from '../policy/policy.service.js';
import { headquarters, IMPORTERS } from './headquarters.js';
import { policyRow, type PolicyRow } from './import-rows.dto.js';

/** Imports policy values: a profile, also one dated back for the judgement of an imported history (POL-03). */
@Injectable()
export class PolicyImportService implements ImportKind<PolicyRow> {
  readonly kind = 'policies';
  readonly roles = IMPORTERS;
  readonly rowSchema = policyRow;
  readonly branchField = null;

  constructor(private readonly policies: PolicyService) {}

  async applyRows(
    tx: Tx,
    job: ImportJobContext,
    rows: readonly ImportRow<PolicyRow>[],
  ): Promise<RowOutcome[]> {
    const ctx = headquarters(job);
    const values = await this.policies.check(
      tx,
      ctx,
      rows.map((row) => wishOf(row.data)),
      null,
    );
    const { set } = await this.policies.apply(tx, ctx, values, () => null);
    const stored = new Set(set.map((value) => value.id));
    return values.map(({ id, policyId }) => ({
      state: stored.has(id) ? 'created' : 'unchanged',
      entityId: policyId,
    }));
  }
}

function wishOf({ value, ...row }: PolicyRow): PolicyWish {
  try {
    return { ...row, value: JSON.parse(value) as PolicyWish['value'] };
  } catch {
    throw unprocessable('policy.not-json', 'The value is not JSON.', [
      {
        path: 'value',
        code: 'policy.not-json',
        detail: 'Write 5, "80" or {"amount": 2, "unit": "working-days"}.',
      },
    ]);
  }
}
