import { Injectable } from '@nestjs/common';
import { Directory } from '@steward/directory';
import { newId } from '@steward/kernel';
import { Commands, Database, inScope, type CallContext } from '@steward/platform';
import { CustomerQueryService, toCustomerDto } from '../customer/customer-query.service.js';
import { CustomerRecordService } from '../customer/customer-record.service.js';
import type { CustomerDto } from '../customer/customer.dto.js';
import { branchUnknown, sightingUnknown, siteUnknown } from '../customer/customer.errors.js';
import { CustomerRepository } from '../customer/customer.repository.js';
import type { DuplicatesDto, FindDuplicatesBody, LinkCustomerBody } from './duplicate.dto.js';
import { DuplicateRepository } from './duplicate.repository.js';

/** ACC-02: shows who a customer may already be, and links somebody whom other branches know. */
@Injectable()
export class DuplicateService {
  constructor(
    private readonly database: Database,
    private readonly repository: DuplicateRepository,
    private readonly customers: CustomerRepository,
    private readonly records: CustomerRecordService,
    private readonly commands: Commands,
    private readonly queries: CustomerQueryService,
    private readonly directory: Directory,
  ) {}

  async find(ctx: CallContext, body: FindDuplicatesBody): Promise<DuplicatesDto> {
    const branch = await this.directory.branch(body.branchId);
    if (!branch || !inScope(ctx.scope.refs, body)) throw branchUnknown();
    const candidates = await this.database.transaction(ctx.scope, (tx) =>
      this.repository.find(tx, ctx, branch.id, body),
    );
    return { candidates: candidates.map((each) => ({ ...each, reasons: [...each.reasons] })) };
  }

  /** The clerk confirms, with a reason, that the person at the desk is the customer whom others know. */
  async link(ctx: CallContext, { token, siteId, reason }: LinkCustomerBody): Promise<CustomerDto> {
    const kept = await this.commands.execute(ctx, async (tx) => {
      const linked = await this.repository.link(tx, ctx, newId(ctx.now.getTime()), token, siteId);
      if (!linked) throw sightingUnknown();
      if (siteId !== null) {
        const site = await this.directory.unit(siteId);
        if (site?.kind !== 'site' || site.branchId !== linked.branchId) throw siteUnknown();
      }
      const customer = (await this.customers.lock(tx, linked.customerId))!;
      const after = await this.records.link(tx, ctx, customer, [linked.branchId], 'confirmed', reason);
      return { ...toCustomerDto(ctx, after), name: null, phones: [], vehicles: [] };
    });
    return this.queries.named(ctx, kept);
  }
}
