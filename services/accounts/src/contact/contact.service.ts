import { Injectable } from '@nestjs/common';
import { newId, notFound } from '@steward/kernel';
import { Commands, Database, requireMatch, type CallContext, type Page, type Tx } from '@steward/platform';
import { rolesOver } from '../customer/customer-query.service.js';
import { CustomerRecordService } from '../customer/customer-record.service.js';
import { customerErased, customerNotFound, customerRoleMissing } from '../customer/customer.errors.js';
import { CustomerRepository, type KnownCustomer } from '../customer/customer.repository.js';
import { KEEPERS, KNOWS_NAMES, KNOWS_PERSON, maskNumber, mayDo } from '../customer/customer.rules.js';
import { maskName } from '../customer/identity.rules.js';
import type { AddContactBody, ChangeContactBody, ContactDto, ContactsQuery } from './contact.dto.js';
import { ContactRepository, type Contact } from './contact.repository.js';
import { checkContact } from './contact.rules.js';

const FIELDS = ['role', 'name', 'phone', 'validFrom', 'validTo', 'proof'] as const;
const PERSONAL = new Set<string>(['name', 'phone', 'proof']);

/** ACC-09: who speaks and signs for a customer, from when to when, and what proves it. */
@Injectable()
export class ContactService {
  constructor(
    private readonly database: Database,
    private readonly repository: ContactRepository,
    private readonly customers: CustomerRepository,
    private readonly records: CustomerRecordService,
    private readonly commands: Commands,
  ) {}

  async add(ctx: CallContext, customerId: string, body: AddContactBody): Promise<ContactDto> {
    checkContact(body);
    return this.answer(ctx, async (tx) => {
      const customer = await this.keptBy(tx, ctx, customerId);
      const contact = { ...body, id: newId(ctx.now.getTime()), customerId, version: 1 };
      await this.repository.add(tx, contact);
      await this.record(tx, ctx, customer, null, contact);
      return { customer, contact };
    });
  }

  async change(
    ctx: CallContext,
    customerId: string,
    id: string,
    body: ChangeContactBody,
  ): Promise<ContactDto> {
    return this.answer(ctx, async (tx) => {
      const customer = await this.keptBy(tx, ctx, customerId);
      const before = await this.repository.lock(tx, customerId, id);
      if (!before) throw notFound('contact.not-found', 'The customer has no such contact.');
      requireMatch(ctx, before.version);
      const { phone = before.phone, validTo = before.validTo, proof = before.proof } = body;
      const contact = { ...before, phone, validTo, proof, version: before.version + 1 };
      checkContact(contact);
      await this.repository.update(tx, contact);
      await this.record(tx, ctx, customer, before, contact, body.reason);
      return { customer, contact };
    });
  }

  async list(ctx: CallContext, customerId: string, query: ContactsQuery): Promise<Page<ContactDto>> {
    return this.database.read(ctx.scope, async (tx) => {
      const customer = await this.customers.find(tx, customerId);
      if (!customer) throw customerNotFound();
      const page = await this.repository.list(tx, customerId, query);
      return { items: page.items.map((contact) => toContactDto(ctx, customer, contact)), next: page.next };
    });
  }

  /** What is kept for a repeated key holds no personal values (ORG-04). */
  private async answer(
    ctx: CallContext,
    work: (tx: Tx) => Promise<Readonly<{ customer: KnownCustomer; contact: Contact }>>,
  ): Promise<ContactDto> {
    const kept = await this.commands.execute(ctx, async (tx) => {
      const { customer, contact } = await work(tx);
      return { ...toContactDto(ctx, customer, contact), name: '', phone: null, proof: null };
    });
    return this.database.read(ctx.scope, async (tx) => {
      const customer = await this.customers.find(tx, kept.customerId);
      const contact = customer && (await this.repository.find(tx, kept.customerId, kept.id));
      if (!customer || !contact) return kept;
      const { name, phone, proof } = toContactDto(ctx, customer, contact);
      return { ...kept, name, phone, proof };
    });
  }

  private async keptBy(tx: Tx, ctx: CallContext, customerId: string): Promise<KnownCustomer> {
    const customer = await this.customers.lock(tx, customerId);
    if (!customer) throw customerNotFound();
    if (!mayDo(KEEPERS, rolesOver(ctx, customer))) throw customerRoleMissing();
    if (customer.erasedAt) throw customerErased();
    return customer;
  }

  private async record(
    tx: Tx,
    ctx: CallContext,
    customer: KnownCustomer,
    before: Contact | null,
    after: Contact,
    reason?: string,
  ): Promise<void> {
    await this.records.record(tx, ctx, customer.id, {
      action: before ? 'change-contact' : 'add-contact',
      branchId: this.records.branchOf(ctx, customer),
      reason,
      changes: FIELDS.filter((field) => (before?.[field] ?? null) !== after[field]).map((field) => ({
        field: `contact.${field}`,
        from: before?.[field] ?? null,
        to: after[field],
        ...(PERSONAL.has(field) ? { personOf: customer.id } : {}),
      })),
    });
  }
}

/** ORG-03: name, phone and proof as far as the caller needs them. */
function toContactDto(ctx: CallContext, customer: KnownCustomer, contact: Contact): ContactDto {
  const roles = rolesOver(ctx, customer);
  const full = mayDo(KNOWS_PERSON, roles);
  return {
    ...contact,
    name: mayDo(KNOWS_NAMES, roles) ? contact.name : maskName(contact.name),
    phone: contact.phone === null || full ? contact.phone : maskNumber(contact.phone),
    proof: full ? contact.proof : null,
  };
}
