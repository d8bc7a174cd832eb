import { Injectable } from '@nestjs/common';
import { Directory } from '@steward/directory';
import { newId, toLocalDate } from '@steward/kernel';
import { Commands, nextNumbers, requireMatch, type CallContext, type Tx } from '@steward/platform';
import { DuplicateRepository } from '../duplicate/duplicate.repository.js';
import { CustomerQueryService, rolesOver, toCustomerDto } from './customer-query.service.js';
import { CustomerRecordService } from './customer-record.service.js';
import type {
  ChangeCustomerBody,
  CustomerDto,
  CustomerHoldBody,
  RegisterCustomerBody,
} from './customer.dto.js';
import {
  branchUnknown,
  customerErased,
  customerMerged,
  customerNotFound,
  customerRoleMissing,
  onLegalHold,
  possibleDuplicate,
  siteUnknown,
} from './customer.errors.js';
import { CustomerRepository, type KnownCustomer, type Person } from './customer.repository.js';
import { CUSTOMER_FORM, ERASERS, HOLDERS, KEEPERS, mayDo } from './customer.rules.js';
import { maskName } from './identity.rules.js';

/** Takes customers into the group's one master and keeps their records (ACC-01). */
@Injectable()
export class CustomerService {
  constructor(
    private readonly repository: CustomerRepository,
    private readonly records: CustomerRecordService,
    private readonly duplicates: DuplicateRepository,
    private readonly commands: Commands,
    private readonly queries: CustomerQueryService,
    private readonly directory: Directory,
  ) {}

  /** ACC-02: refuses while possible duplicates were not looked at. */
  async register(ctx: CallContext, body: RegisterCustomerBody): Promise<CustomerDto> {
    return this.answer(ctx, (tx) => this.add(tx, ctx, body));
  }

  /** Registers in a transaction that the caller has opened (requests, imports). */
  async add(tx: Tx, ctx: CallContext, body: RegisterCustomerBody): Promise<KnownCustomer> {
    const unknown = { branch: branchUnknown, site: siteUnknown };
    const branch = await this.directory.writableBranch(ctx, body, unknown);
    if (!body.acceptDuplicates) {
      const found = await this.duplicates.find(tx, ctx, branch.id, body);
      if (found.length > 0) throw possibleDuplicate(found.length);
    }
    const year = Number(toLocalDate(ctx.now, branch.timeZone ?? 'UTC').slice(0, 4));
    const series = { branchId: branch.id, branchCode: branch.code, form: CUSTOMER_FORM, year };
    const [number] = await nextNumbers(tx, series);
    const id = newId(ctx.now.getTime());
    const link = {
      id: newId(ctx.now.getTime()),
      customerId: id,
      branchId: branch.id,
      siteId: body.siteId,
      how: 'registered' as const,
      linkedAt: ctx.now,
      linkedBy: ctx.actor.id,
    };
    const customer = {
      ...NEW,
      id,
      number: number!,
      kind: body.kind,
      registeredIn: branch.id,
      registeredAt: ctx.now,
    };
    return this.records.add(tx, ctx, customer, personOf(body), link);
  }

  async change(ctx: CallContext, id: string, body: ChangeCustomerBody): Promise<CustomerDto> {
    return this.answer(ctx, async (tx) => {
      const before = await this.locked(tx, id);
      if (!mayDo(KEEPERS, rolesOver(ctx, before))) throw customerRoleMissing();
      requireMatch(ctx, before.version);
      return this.put(tx, ctx, before, body);
    });
  }

  /** Changes a customer that the caller has locked. */
  async put(
    tx: Tx,
    ctx: CallContext,
    before: KnownCustomer,
    { reason, active, ...body }: ChangeCustomerBody,
  ): Promise<KnownCustomer> {
    if (before.mergedInto) throw customerMerged(before.mergedInto);
    if (!before.person) throw customerErased();
    const person = personOf({ ...before.person, ...defined(body) });
    const inactiveSince = active === false ? (before.inactiveSince ?? ctx.now) : null;
    const state = active === undefined ? {} : { active, inactiveSince };
    return this.records.save(tx, ctx, before, { person, ...state }, { action: 'change', reason });
  }

  /** ORG-04: a hold stops every erasure until it is lifted. */
  async hold(ctx: CallContext, id: string, { held, reason }: CustomerHoldBody): Promise<CustomerDto> {
    return this.answer(ctx, async (tx) => {
      const before = await this.locked(tx, id);
      if (!mayDo(HOLDERS, rolesOver(ctx, before))) throw customerRoleMissing();
      requireMatch(ctx, before.version);
      return this.records.save(
        tx,
        ctx,
        before,
        { legalHold: held },
        { action: held ? 'hold' : 'lift-hold', reason },
      );
    });
  }

  /** ORG-04: makes a customer's personal values disappear everywhere, and leaves every chain and history whole. */
  async erase(ctx: CallContext, id: string, reason: string): Promise<CustomerDto> {
    return this.answer(ctx, async (tx) => {
      const before = await this.locked(tx, id);
      if (ctx.actor.kind !== 'system') {
        if (!mayDo(ERASERS, rolesOver(ctx, before))) throw customerRoleMissing();
        requireMatch(ctx, before.version);
      }
      if (before.erasedAt) throw customerErased();
      if (before.legalHold) throw onLegalHold();
      return this.records.erase(tx, ctx, before, reason);
    });
  }

  /** What is kept for a repeated key holds no personal values (ORG-04); they are put in from where they are now. */
  private async answer(ctx: CallContext, work: (tx: Tx) => Promise<KnownCustomer>): Promise<CustomerDto> {
    const kept = await this.commands.execute(ctx, async (tx) => {
      const customer = await work(tx);
      return { ...toCustomerDto(ctx, customer), name: null, phones: [], vehicles: [] };
    });
    return this.queries.named(ctx, kept);
  }

  private async locked(tx: Tx, id: string): Promise<KnownCustomer> {
    const customer = await this.repository.lock(tx, id);
    if (!customer) throw customerNotFound();
    return customer;
  }
}

const NEW = {
  active: true,
  inactiveSince: null,
  mergedInto: null,
  legalHold: false,
  erasedAt: null,
  version: 1,
  sequence: 0,
} as const;

const personOf = ({ name, phones, vehicles, idNumber, address }: Omit<Person, 'maskedName'>): Person => ({
  name,
  maskedName: maskName(name),
  phones,
  vehicles,
  idNumber,
  address,
});

/** Without what was not sent. */
const defined = <T extends object>(body: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as never;
