import { Injectable } from '@nestjs/common';
import type { Role } from '@steward/kernel';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { GrantsQuery } from './grant.dto.js';
import { RoleGrant } from './role-grant.entity.js';

const COLUMNS = `id, employee_id "employeeId", subject, role, unit_id "unitId", branch_id "branchId", valid_from "validFrom",
  valid_to "validTo", granted_by "grantedBy", granted_at "grantedAt", revoked_at "revokedAt", revoked_by "revokedBy",
  revocation_reason "revocationReason"`;

const EQUALS = {
  employeeId: 'employee_id',
  subject: 'subject',
  unitId: 'unit_id',
  branchId: 'branch_id',
  role: 'role',
} as const;

const SORTS = { grantedAt: { column: 'granted_at', type: 'timestamptz' } } as const;

/** All SQL of grants. The employee is locked before its grants are changed. */
@Injectable()
export class GrantRepository {
  async find(tx: Tx, id: string): Promise<RoleGrant | null> {
    return tx.manager.findOneBy(RoleGrant, { id });
  }

  async add(tx: Tx, grant: RoleGrant): Promise<void> {
    await tx.manager.insert(RoleGrant, grant);
  }

  async update(tx: Tx, id: string, patch: Partial<RoleGrant>): Promise<void> {
    await tx.manager.update(RoleGrant, { id }, patch);
  }

  /** Grants of one person that were not revoked, in the order in which they were given. */
  async unrevokedOf(tx: Tx, employeeId: string): Promise<RoleGrant[]> {
    return tx.query<RoleGrant>(
      `select ${COLUMNS} from role_grant where employee_id = $1 and revoked_at is null order by granted_at, id`,
      [employeeId],
    );
  }

  /** Unrevoked grants of a role without an end; whoever takes one away waits for others who do. */
  async lastingOf(tx: Tx, role: Role): Promise<string[]> {
    await tx.query("select pg_advisory_xact_lock(hashtextextended('role_grant/' || $1, 0))", [role]);
    const rows = await tx.query<{ id: string }>(
      'select id from role_grant where role = $1 and revoked_at is null and valid_to is null',
      [role],
    );
    return rows.map((row) => row.id);
  }

  async list(tx: Tx, query: GrantsQuery): Promise<Page<RoleGrant>> {
    const where: string[] = [];
    const values: unknown[] = [];
    for (const [field, column] of Object.entries(EQUALS)) {
      const value = query[field as keyof typeof EQUALS];
      if (value !== undefined) where.push(`${column} = $${values.push(value)}`);
    }
    if (query.revoked !== undefined) where.push(`revoked_at is ${query.revoked ? 'not ' : ''}null`);
    const page = keyset(query, SORTS, { id: 'id', firstParameter: values.length + 1 });
    const rows = await tx.query<RoleGrant & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from role_grant where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...grant }) => grant);
  }
}
