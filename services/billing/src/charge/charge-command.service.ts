import { Injectable } from '@nestjs/common';
import { conflict, newId, notFound, parseMoney, unprocessable } from '@steward/kernel';
import {
  Audit,
  Commands,
  Database,
  requireMatch,
  type CallContext,
  type Page,
  type Tx,
} from '@steward/platform';
import { checkKeeper, KEEPERS } from '../access.js';
import { accountNotFound } from '../account/account.errors.js';
import { AccountRepository } from '../account/account.repository.js';
import { BranchService } from '../branch/branch.service.js';
import { CustomerRepository } from '../customer/customer.repository.js';
import {
  toChargeDto,
  toSummaryDto,
  type ChargeDto,
  type ChargesQuery,
  type ChargeSummaryDto,
  type RaiseChargeBody,
} from './charge.dto.js';
import { BARE_CHARGE, type NewCharge } from './charge.js';
import { ChargeRepository } from './charge.repository.js';
import { ChargeService } from './charge.service.js';

/** What the routes of charges ask for. */
@Injectable()
export class ChargeCommandService {
  constructor(
    private readonly charges: ChargeService,
    private readonly repository: ChargeRepository,
    private readonly accounts: AccountRepository,
    private readonly customers: CustomerRepository,
    private readonly branches: BranchService,
    private readonly commands: Commands,
    private readonly database: Database,
    private readonly audit: Audit,
  ) {}

  /** Charges by hand what a document says is owed. */
  async raise(ctx: CallContext, body: RaiseChargeBody): Promise<ChargeDto> {
    return this.commands.execute(ctx, async (tx) => {
      const charge = await this.manual(tx, ctx, body);
      const [raised] = await this.charges.raise(tx, ctx, [charge]);
      if (!raised) throw referenceTaken(body.reference);
      return toChargeDto(ctx, (await this.repository.find(tx, raised.id))!);
    });
  }

  /** Takes back a charge that is on no invoice and unpaid. */
  async reverse(ctx: CallContext, id: string, reason: string): Promise<ChargeDto> {
    return this.commands.execute(ctx, async (tx) => {
      const charge = await this.repository.find(tx, id);
      if (!charge) throw chargeNotFound();
      checkKeeper(ctx, KEEPERS, charge);
      requireMatch(ctx, charge.version);
      const on = await this.branches.dayOf(charge.branchId, ctx.now);
      if ((await this.charges.takeBack(tx, ctx, [id], on)).length === 0) throw notReversible();
      await this.audit.record(tx, ctx, {
        branchId: charge.branchId,
        entity: 'charge',
        entityId: id,
        action: 'reverse',
        reason,
        changes: [{ field: 'reversedOn', from: null, to: on }],
      });
      return toChargeDto(ctx, (await this.repository.find(tx, id))!);
    });
  }

  async get(ctx: CallContext, id: string): Promise<ChargeDto> {
    const charge = await this.database.read(ctx.scope, (tx) => this.repository.find(tx, id));
    if (!charge) throw chargeNotFound();
    return toChargeDto(ctx, charge);
  }

  async list(ctx: CallContext, query: ChargesQuery): Promise<Page<ChargeSummaryDto>> {
    const page = await this.database.read(ctx.scope, async (tx) => {
      const { customerId } = query;
      if (customerId === undefined) return this.repository.list(tx, query);
      return this.repository.list(tx, { ...query, customerIds: await this.customers.sameAs(tx, customerId) });
    });
    return { ...page, items: page.items.map(toSummaryDto) };
  }

  private async manual(tx: Tx, ctx: CallContext, body: RaiseChargeBody): Promise<NewCharge> {
    const account = await this.accounts.find(tx, body.accountId);
    if (!account) throw accountNotFound();
    checkKeeper(ctx, KEEPERS, account);
    const { branchId, siteId, customerId, propertyUnitId } = account;
    const today = await this.branches.dayOf(branchId, ctx.now);
    const { bookedOn = today, reference, feeItemCode, serviceFrom, serviceTo, reason } = body;
    if (bookedOn > today) throw bookedAhead();
    const { minor, currency } = parseMoney(body.amount);
    return {
      ...BARE_CHARGE,
      ...{ branchId, siteId, customerId, propertyUnitId, feeItemCode, serviceFrom, serviceTo },
      id: newId(ctx.now.getTime()),
      accountId: account.id,
      kind: 'manual',
      reference,
      amountMinor: minor,
      currency,
      bookedOn,
      dueOn: body.dueOn ?? (await this.branches.dueOn(branchId, bookedOn, ctx.now)),
      explanation: { reference, reason },
    };
  }
}

const chargeNotFound = () => notFound('charge.not-found', 'There is no such charge in your scope.');

const referenceTaken = (reference: string) =>
  conflict('charge.reference-taken', 'The branch has a charge by this document.', { reference });

const notReversible = () =>
  conflict(
    'charge.not-reversible',
    'The charge stands on an invoice, is paid in part or was taken back; an invoice is corrected by a credit note.',
  );

const bookedAhead = () =>
  unprocessable('charge.booked-ahead', 'A charge cannot be booked on a day that has not come.');
