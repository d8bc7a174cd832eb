import { Injectable } from '@nestjs/common';
import { Database, type CallContext, type Page } from '@steward/platform';
import { employeeNotFound } from '../employee/employee.errors.js';
import { EmployeeRepository } from '../employee/employee.repository.js';
import { toGrantDto, type GrantDto, type GrantsQuery } from './grant.dto.js';
import { GrantRepository } from './grant.repository.js';

/** Reads who holds which role where. */
@Injectable()
export class GrantQueryService {
  constructor(
    private readonly database: Database,
    private readonly repository: GrantRepository,
    private readonly employees: EmployeeRepository,
  ) {}

  async list(ctx: CallContext, query: GrantsQuery): Promise<Page<GrantDto>> {
    const page = await this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
    return { items: page.items.map((grant) => toGrantDto(grant, ctx.now)), next: page.next };
  }

  async listOf(ctx: CallContext, employeeId: string, query: GrantsQuery): Promise<Page<GrantDto>> {
    const found = await this.database.read(ctx.scope, (tx) => this.employees.find(tx, employeeId));
    if (!found) throw employeeNotFound();
    return this.list(ctx, { ...query, employeeId });
  }
}
