import { Injectable } from '@nestjs/common';
import { EmployeeRegistered, Persons } from '@steward/contracts';
import { Outbox, PersonalOutbox } from '@steward/messaging';
import {
  Audit,
  keyset,
  pageOf,
  type CallContext,
  type KeyedRow,
  type Page,
  type Tx,
} from '@steward/platform';
import type { EmployeesQuery } from './employee.dto.js';
import { Employee, EmployeePerson } from './employee.entity.js';

/** An employee with the personal values that are still there. */
export type KnownEmployee = Employee & Readonly<{ name: string | null; phone: string | null }>;

/** Somebody who holds no role any more, and since when. */
export type FormerEmployee = Readonly<{ id: string; homeUnitId: string; endedAt: Date }>;

const COLUMNS = `e.id, e.subject, e.home_unit_id "homeUnitId", e.branch_id "branchId", e.legal_hold "legalHold",
  e.erased_at "erasedAt", e.registered_at "registeredAt", e.version, e.sequence, p.name, p.phone`;
const FROM = 'from employee e left join employee_person p on p.employee_id = e.id';

const SORTS = {
  subject: { column: 'e.subject', type: 'text' },
  registeredAt: { column: 'e.registered_at', type: 'timestamptz' },
} as const;

const EQUALS = { branchId: 'e.branch_id', homeUnitId: 'e.home_unit_id', subject: 'e.subject' } as const;

/** All SQL of employees. */
@Injectable()
export class EmployeeRepository {
  constructor(
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly persons: PersonalOutbox,
  ) {}

  async find(tx: Tx, id: string): Promise<KnownEmployee | null> {
    const [row] = await tx.query<KnownEmployee>(`select ${COLUMNS} ${FROM} where e.id = $1`, [id]);
    return row ?? null;
  }

  async bySubject(tx: Tx, subject: string): Promise<KnownEmployee | null> {
    const [row] = await tx.query<KnownEmployee>(`select ${COLUMNS} ${FROM} where e.subject = $1`, [subject]);
    return row ?? null;
  }

  /** Locks the employee until the end of the transaction: facts of one person come one after another. */
  async lock(tx: Tx, id: string): Promise<KnownEmployee | null> {
    const [row] = await tx.query<KnownEmployee>(`select ${COLUMNS} ${FROM} where e.id = $1 for update of e`, [
      id,
    ]);
    return row ?? null;
  }

  /**
   * Employees whose last role ended before a time and whose personal values are still kept, oldest end first, without
   * those under legal hold. Goes on after the last one of the page before.
   */
  async former(
    tx: Tx,
    before: Date,
    after: FormerEmployee | undefined,
    limit: number,
  ): Promise<FormerEmployee[]> {
    return tx.query<FormerEmployee>(
      `select id, home_unit_id "homeUnitId", ended_at "endedAt" from (
         select e.id, e.home_unit_id, coalesce((select max(least(g.revoked_at, g.valid_to, 'infinity'))
           from role_grant g where g.employee_id = e.id), e.registered_at) ended_at
         from employee e where e.erased_at is null and not e.legal_hold) ended
       where ended_at < $1 and (ended_at, id) > ($2, $3) order by ended_at, id limit $4`,
      [before, after?.endedAt ?? '-infinity', after?.id ?? '00000000-0000-0000-0000-000000000000', limit],
    );
  }

  /** Whether somebody holds a role now, or will by a binding that is made already. */
  async holdsRole(tx: Tx, id: string, now: Date): Promise<boolean> {
    const rows = await tx.query(
      'select 1 from role_grant where employee_id = $1 and revoked_at is null and (valid_to is null or valid_to > $2) limit 1',
      [id, now],
    );
    return rows.length > 0;
  }

  /** Stores a new employee with trail, event and personal values; gives false when the subject is registered already. */
  async register(tx: Tx, ctx: CallContext, employee: KnownEmployee): Promise<boolean> {
    const { id, branchId, subject, homeUnitId, phone, sequence } = employee;
    const name = employee.name!;
    if (!(await this.add(tx, employee, { employeeId: id, branchId, name, phone }))) return false;
    await this.audit.record(tx, ctx, {
      branchId,
      entity: 'employee',
      entityId: id,
      action: 'register',
      changes: [
        { field: 'subject', from: null, to: subject },
        { field: 'homeUnitId', from: null, to: homeUnitId },
        { field: 'name', from: null, to: name, personOf: id },
        ...(phone === null ? [] : [{ field: 'phone', from: null, to: phone, personOf: id }]),
      ],
    });
    await this.outbox.append(tx, ctx, {
      definition: EmployeeRegistered,
      aggregateId: id,
      branchId: null,
      sequence,
      occurredAt: ctx.now,
      data: { employeeId: id, subject, homeUnitId },
    });
    await this.persons.put(tx, Persons, id, { employeeId: id, name, phone, branchId });
    return true;
  }

  private async add(tx: Tx, employee: Employee, person: EmployeePerson): Promise<boolean> {
    const added = await tx.query(
      `insert into employee (id, subject, home_unit_id, branch_id, registered_at, version, sequence)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning 1`,
      [
        employee.id,
        employee.subject,
        employee.homeUnitId,
        employee.branchId,
        employee.registeredAt,
        employee.version,
        employee.sequence,
      ],
    );
    if (added.length === 0) return false;
    await tx.manager.insert(EmployeePerson, person);
    return true;
  }

  async update(tx: Tx, id: string, patch: Partial<Employee>): Promise<void> {
    await tx.manager.update(Employee, { id }, patch);
  }

  async updatePerson(tx: Tx, employeeId: string, patch: Partial<EmployeePerson>): Promise<void> {
    await tx.manager.update(EmployeePerson, { employeeId }, patch);
  }

  async erasePerson(tx: Tx, employeeId: string): Promise<void> {
    await tx.manager.delete(EmployeePerson, { employeeId });
  }

  async list(tx: Tx, query: EmployeesQuery): Promise<Page<KnownEmployee>> {
    const where: string[] = [];
    const values: unknown[] = [];
    for (const [field, column] of Object.entries(EQUALS)) {
      const value = query[field as keyof typeof EQUALS];
      if (value !== undefined) where.push(`${column} = $${values.push(value)}`);
    }
    if (query.erased !== undefined) where.push(`e.erased_at is ${query.erased ? 'not ' : ''}null`);
    const page = keyset(query, SORTS, { id: 'e.id', firstParameter: values.length + 1 });
    const rows = await tx.query<KnownEmployee & KeyedRow>(
      `select ${COLUMNS}, ${page.select} ${FROM} where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...employee }) => employee);
  }
}
