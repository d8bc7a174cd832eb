import { Injectable } from '@nestjs/common';
import type { Role } from '@steward/kernel';
import { Audit, Database, rolesAt, type CallContext, type Page } from '@steward/platform';
import type { CustomerDto, CustomerPersonDto, CustomersQuery } from './customer.dto.js';
import { customerErased, customerNotFound, customerRoleMissing } from './customer.errors.js';
import { CustomerRepository, type KnownCustomer, type SearchTerm } from './customer.repository.js';
import {
  ERASERS,
  HOLDERS,
  KEEPERS,
  KNOWS_NAMES,
  KNOWS_PERSON,
  maskNumber,
  MERGERS,
  mayDo,
} from './customer.rules.js';
import { searchKeys } from './identity.rules.js';
import { pinyin } from './pinyin.js';

/** Reads customers: masked, and unmasked only with a row in the trail (ORG-03). */
@Injectable()
export class CustomerQueryService {
  constructor(
    private readonly database: Database,
    private readonly repository: CustomerRepository,
    private readonly audit: Audit,
  ) {}

  async get(ctx: CallContext, id: string): Promise<CustomerDto> {
    const found = await this.database.read(ctx.scope, (tx) => this.repository.find(tx, id));
    if (!found) throw customerNotFound();
    return toCustomerDto(ctx, found);
  }

  async list(ctx: CallContext, query: CustomersQuery): Promise<Page<CustomerDto>> {
    const terms: SearchTerm[] = query.search === undefined ? [] : searchKeys(query.search, pinyin);
    const page = await this.database.read(ctx.scope, (tx) => this.repository.list(tx, query, terms));
    return { items: page.items.map((customer) => toCustomerDto(ctx, customer)), next: page.next };
  }

  /** An answer that was kept for a repeated key, with name and masked phones as they are now. */
  async named(ctx: CallContext, answer: CustomerDto): Promise<CustomerDto> {
    const found = await this.database.read(ctx.scope, (tx) => this.repository.find(tx, answer.id));
    if (!found) return answer;
    const { name, phones, vehicles } = toCustomerDto(ctx, found);
    return { ...answer, name, phones, vehicles };
  }

  /** ORG-03: the reading stands in the trail, or nothing is read. */
  async personalData(ctx: CallContext, id: string): Promise<CustomerPersonDto> {
    // The route reads; what it writes is the trail of the very rows that it may read.
    const scope = { ...ctx.scope, write: ctx.scope.read };
    return this.database.transaction(scope, async (tx) => {
      const found = await this.repository.find(tx, id);
      if (!found) throw customerNotFound();
      if (!mayDo(KNOWS_PERSON, rolesOver(ctx, found))) throw customerRoleMissing();
      const { person } = found;
      if (!person) throw customerErased();
      const entry = { entity: 'customer', entityId: id, action: 'read-personal-data', changes: [] };
      await this.audit.record(tx, ctx, {
        branchId: found.places[0]?.branchId ?? found.registeredIn,
        ...entry,
      });
      const { name, idNumber, address } = person;
      const lists = { phones: [...person.phones], vehicles: [...person.vehicles] };
      return { customerId: id, name, ...lists, idNumber, address };
    });
  }
}

/** The roles that the caller holds in the branches and sites in which it sees the customer. */
export function rolesOver(ctx: CallContext, { places }: KnownCustomer): Role[] {
  return [...new Set(places.flatMap((place) => rolesAt(ctx, place)))];
}

/** The customer as the API shows it: no number in full, and the name to those who need it (ORG-03). */
export function toCustomerDto(ctx: CallContext, customer: KnownCustomer): CustomerDto {
  const { person } = customer;
  const roles = rolesOver(ctx, customer);
  const mayName = mayDo(KNOWS_NAMES, roles);
  return {
    id: customer.id,
    number: customer.number,
    kind: customer.kind,
    name: (mayName ? person?.name : person?.maskedName) ?? null,
    phones: (person?.phones ?? []).map(maskNumber),
    vehicles: (person?.vehicles ?? []).map(({ brand, plate }) => ({ brand, plate: maskNumber(plate) })),
    active: customer.active,
    mergedInto: customer.mergedInto,
    legalHold: customer.legalHold,
    erasedAt: customer.erasedAt?.toISOString() ?? null,
    registeredAt: customer.registeredAt.toISOString(),
    version: customer.version,
    actions: actionsOf(customer, roles),
  };
}

function actionsOf(
  { erasedAt, mergedInto, legalHold }: KnownCustomer,
  roles: readonly Role[],
): CustomerDto['actions'] {
  if (erasedAt) return [];
  const own = mergedInto === null;
  return [
    ...(own && mayDo(KEEPERS, roles) ? ['change' as const] : []),
    ...(own && mayDo(MERGERS, roles) ? ['merge' as const] : []),
    ...(mayDo(HOLDERS, roles) ? ['hold' as const] : []),
    ...(!legalHold && mayDo(ERASERS, roles) ? ['erase' as const] : []),
    ...(mayDo(KNOWS_PERSON, roles) ? ['read-personal-data' as const] : []),
  ];
}
