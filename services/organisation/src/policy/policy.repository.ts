import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { PoliciesQuery } from './policy.dto.js';
import type { StoredPolicyValue } from './policy.entity.js';

const COLUMNS = `id, policy_id "policyId", key, unit_id "unitId", unit_kind "unitKind", branch_id "branchId", version, value,
  effective_from "effectiveFrom", locked, reason, set_by "setBy", set_at "setAt"`;

const SORTS = {
  setAt: { column: 'set_at', type: 'timestamptz' },
  key: { column: 'key', type: 'text' },
} as const;

/** All SQL of policy values. */
@Injectable()
export class PolicyRepository {
  /** Values of these keys in these units. */
  async values(tx: Tx, keys: readonly string[], unitIds: readonly string[]): Promise<StoredPolicyValue[]> {
    return tx.query<StoredPolicyValue>(
      `select ${COLUMNS} from policy_value where key = any($1) and unit_id = any($2)`,
      [keys, unitIds],
    );
  }

  /** All values of some units. */
  async valuesOf(tx: Tx, unitIds: readonly string[]): Promise<StoredPolicyValue[]> {
    return tx.query<StoredPolicyValue>(`select ${COLUMNS} from policy_value where unit_id = any($1)`, [
      unitIds,
    ]);
  }

  /** Locks policies (always in the same order) until the end of the transaction, and gives their versions; new ones have 0. */
  async lock(tx: Tx, values: readonly StoredPolicyValue[]): Promise<Map<string, number>> {
    await tx.query(
      `insert into policy (id, key, unit_id, unit_kind, branch_id, version)
       select distinct "policyId", key, "unitId", "unitKind", "branchId", 0
       from jsonb_to_recordset($1::jsonb)
         as r("policyId" uuid, key text, "unitId" uuid, "unitKind" text, "branchId" uuid)
       order by 1 on conflict (id) do nothing`,
      [JSON.stringify(values)],
    );
    const rows = await tx.query<{ id: string; version: number }>(
      'select id, version from policy where id = any($1) order by id for update',
      [values.map((value) => value.policyId)],
    );
    return new Map(rows.map((row) => [row.id, row.version]));
  }

  /** Stores values whose policies are locked, and moves the policies' versions on. */
  async add(tx: Tx, values: readonly StoredPolicyValue[]): Promise<void> {
    const rows = JSON.stringify(values);
    await tx.query(
      `insert into policy_value (id, policy_id, key, unit_id, unit_kind, branch_id, version, value, effective_from, locked,
         reason, set_by, set_at)
       select id, "policyId", key, "unitId", "unitKind", "branchId", version, value, "effectiveFrom", locked,
         reason, "setBy", "setAt"
       from jsonb_to_recordset($1::jsonb) as r(id uuid, "policyId" uuid, key text, "unitId" uuid, "unitKind" text,
         "branchId" uuid, version int, value jsonb, "effectiveFrom" timestamptz, locked boolean, reason text,
         "setBy" text, "setAt" timestamptz)`,
      [rows],
    );
    await tx.query(
      `update policy p set version = r.version
       from (select "policyId" id, max(version) as version
             from jsonb_to_recordset($1::jsonb) as r("policyId" uuid, version int) group by 1) r
       where p.id = r.id`,
      [rows],
    );
  }

  async list(tx: Tx, query: PoliciesQuery): Promise<Page<StoredPolicyValue>> {
    const where: string[] = [];
    const values: unknown[] = [];
    if (query.key !== undefined) where.push(`key = $${values.push(query.key)}`);
    if (query.prefix !== undefined) where.push(`starts_with(key, $${values.push(query.prefix)})`);
    if (query.unitId !== undefined) where.push(`unit_id = $${values.push(query.unitId)}`);
    if (query.locked !== undefined) where.push(`locked = $${values.push(query.locked)}`);
    const page = keyset(query, SORTS, { id: 'id', firstParameter: values.length + 1 });
    const rows = await tx.query<StoredPolicyValue & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from policy_value where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...value }) => value);
  }
}
