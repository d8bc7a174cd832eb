import { Injectable } from '@nestjs/common';
import { unprocessable } from '@steward/kernel';
import {
  Audit,
  Commands,
  Database,
  inScope,
  requireMatch,
  type CallContext,
  type Page,
  type Tx,
} from '@steward/platform';
import { checkKeeper, KEEPERS } from '../access.js';
import { BranchService } from '../branch/branch.service.js';
import { CustomerRepository } from '../customer/customer.repository.js';
import { CustomerService } from '../customer/customer.service.js';
import { PropertyUnitRepository } from '../property-unit/property-unit.repository.js';
import { AccountQueryRepository } from './account-query.repository.js';
import {
  toAccountDto,
  type AccountDto,
  type AccountsQuery,
  type ChangeAccountBody,
  type OpenAccountBody,
} from './account.dto.js';
import { accountNotFound } from './account.errors.js';
import { AccountRepository, type AccountOf } from './account.repository.js';
import { AccountService } from './account.service.js';

/** What the routes of billing accounts ask for. */
@Injectable()
export class AccountCommandService {
  constructor(
    private readonly accounts: AccountService,
    private readonly repository: AccountRepository,
    private readonly queries: AccountQueryRepository,
    private readonly units: PropertyUnitRepository,
    private readonly customers: CustomerService,
    private readonly customerRepository: CustomerRepository,
    private readonly branches: BranchService,
    private readonly commands: Commands,
    private readonly database: Database,
    private readonly audit: Audit,
  ) {}

  /** Opens the account of a customer and unit, or gives the one that is there. */
  async open(ctx: CallContext, body: OpenAccountBody): Promise<AccountDto> {
    return this.commands.execute(ctx, async (tx) => {
      const wanted = await this.placed(tx, ctx, body);
      await this.branches.writable(ctx, wanted);
      await this.customers.checkSeen(tx, wanted.branchId, wanted.customerId);
      const today = await this.branches.dayOf(wanted.branchId, ctx.now);
      const [account] = (await this.accounts.open(tx, ctx, [wanted], today)).values();
      return toAccountDto(ctx, (await this.queries.find(tx, account!.id))!);
    });
  }

  async change(ctx: CallContext, id: string, { payerId, reason }: ChangeAccountBody): Promise<AccountDto> {
    return this.commands.execute(ctx, async (tx) => {
      const account = await this.repository.lock(tx, id);
      if (!account) throw accountNotFound();
      checkKeeper(ctx, KEEPERS, account);
      requireMatch(ctx, account.version);
      await this.customers.checkSeen(tx, account.branchId, payerId, 'payerId');
      await this.repository.setPayer(tx, id, payerId);
      await this.audit.record(tx, ctx, {
        branchId: account.branchId,
        entity: 'billing-account',
        entityId: id,
        action: 'change',
        reason,
        changes: [{ field: 'payerId', from: account.payerId, to: payerId }],
      });
      return toAccountDto(ctx, (await this.queries.find(tx, id))!);
    });
  }

  async get(ctx: CallContext, id: string): Promise<AccountDto> {
    const account = await this.database.read(ctx.scope, (tx) => this.queries.find(tx, id));
    if (!account) throw accountNotFound();
    return toAccountDto(ctx, account);
  }

  async list(ctx: CallContext, query: AccountsQuery): Promise<Page<AccountDto>> {
    const page = await this.database.read(ctx.scope, async (tx) => {
      const { customerId } = query;
      if (customerId === undefined) return this.queries.list(tx, query);
      return this.queries.list(tx, {
        ...query,
        customerIds: await this.customerRepository.sameAs(tx, customerId),
      });
    });
    return { ...page, items: page.items.map((account) => toAccountDto(ctx, account)) };
  }

  /** An account of a unit stands where the unit stands. */
  private async placed(tx: Tx, ctx: CallContext, body: OpenAccountBody): Promise<AccountOf> {
    if (body.propertyUnitId === null) return body;
    const unit = await this.units.find(tx, body.propertyUnitId);
    const fits = unit?.branchId === body.branchId && (body.siteId ?? unit.siteId) === unit.siteId;
    if (!fits || !inScope(ctx.scope.write, unit)) throw unitUnknown();
    return { ...body, siteId: unit.siteId };
  }
}

const unitUnknown = () =>
  unprocessable('billing-account.unit-unknown', 'There is no such property unit in the branch or site.');
