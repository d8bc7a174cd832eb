import { Injectable } from '@nestjs/common';
import {
  CustomerChanged,
  CustomerErased,
  CustomerLinked,
  CustomerPersons,
  CustomerRegistered,
  type EventDefinition,
} from '@steward/contracts';
import { Outbox, PersonalOutbox } from '@steward/messaging';
import { changesOf, Audit, type AuditChange, type CallContext, type Tx } from '@steward/platform';
import {
  CustomerRepository,
  type Customer,
  type KnownCustomer,
  type Link,
  type Person,
} from './customer.repository.js';
import { identityKeys } from './identity.rules.js';
import { pinyin } from './pinyin.js';

/** One fact of a customer: of a branch, or of the group where `branchId` is null. */
export type CustomerFact = Readonly<{
  definition: EventDefinition;
  branchId: string | null;
  data: Record<string, unknown>;
}>;

type Entry = Readonly<{
  action: string;
  branchId: string;
  reason?: string | undefined;
  changes: readonly AuditChange[];
}>;

const PERSONAL = ['name', 'phones', 'vehicles', 'idNumber', 'address'] as const;

/** Keeps the master record: row, keys, trail, facts and the topic of personal values change together or not at all. */
@Injectable()
export class CustomerRecordService {
  constructor(
    private readonly repository: CustomerRepository,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly persons: PersonalOutbox,
  ) {}

  async add(tx: Tx, ctx: CallContext, made: Customer, person: Person, link: Link): Promise<KnownCustomer> {
    const customer = { ...made, sequence: 0 };
    const { branchId, siteId } = link;
    await this.repository.add(tx, customer, person, link);
    const { id: customerId, number, kind } = made;
    const changes = PERSONAL.filter((field) => isFilled(person[field])).map((field) => ({
      field,
      from: null,
      to: person[field],
      personOf: customerId,
    }));
    const sequence = await this.publish(tx, ctx, customer, [
      { definition: CustomerRegistered, branchId: null, data: { customerId, number, kind } },
      this.linked(ctx, made, branchId, 'registered'),
    ]);
    const stored = { ...made, sequence, person, places: [{ branchId, siteId }] };
    await this.repository.update(tx, stored);
    await this.audit.record(tx, ctx, {
      branchId,
      entity: 'customer',
      entityId: customerId,
      action: 'register',
      changes: [
        { field: 'number', from: null, to: number },
        { field: 'kind', from: null, to: kind },
        ...changes,
      ],
    });
    await this.spread(tx, stored);
    return stored;
  }

  /** Stores what changed. Facts are given by the caller, except that something changed at all, which is told by itself. */
  async save(
    tx: Tx,
    ctx: CallContext,
    before: KnownCustomer,
    patch: Partial<Customer & Readonly<{ person: Person }>>,
    entry: Readonly<{ action: string; reason?: string | undefined }>,
    facts: readonly CustomerFact[] = [],
  ): Promise<KnownCustomer> {
    const changed = { ...before, ...patch, version: before.version + 1 };
    const fields = changedFields(before, changed);
    const told = [...facts, ...(fields.length > 0 ? [this.changed(changed, fields)] : [])];
    const after = { ...changed, sequence: await this.publish(tx, ctx, before, told) };
    await this.repository.update(tx, after);
    if (patch.person) await this.repository.updatePerson(tx, before.id, patch.person);
    await this.record(tx, ctx, before.id, {
      ...entry,
      branchId: this.branchOf(ctx, before),
      changes: changesBetween(before, after),
    });
    if (patch.person) await this.spread(tx, after);
    return after;
  }

  /** A branch sees the customer from now on, or an office of it more. */
  async link(
    tx: Tx,
    ctx: CallContext,
    customer: KnownCustomer,
    branches: readonly string[],
    how: Link['how'],
    reason: string,
  ): Promise<KnownCustomer> {
    const facts = branches.map((branchId) => this.linked(ctx, customer, branchId, how));
    const after = {
      ...customer,
      version: customer.version + 1,
      sequence: await this.publish(tx, ctx, customer, facts),
    };
    await this.repository.update(tx, after);
    for (const branchId of branches)
      await this.record(tx, ctx, customer.id, {
        action: 'link',
        branchId,
        reason,
        changes: [{ field: 'branchId', from: null, to: branchId }],
      });
    await this.spread(tx, after);
    return after;
  }

  /** ORG-04: deletes every personal value here, in the trail and, by a tombstone, in every copy. */
  async erase(tx: Tx, ctx: CallContext, before: KnownCustomer, reason: string): Promise<KnownCustomer> {
    const customerId = before.id;
    await this.repository.keepKeys(tx, customerId, []);
    await this.repository.erasePerson(tx, customerId);
    await this.audit.erasePerson(tx, customerId);
    const fact = { definition: CustomerErased, branchId: null, data: { customerId } };
    const after = {
      ...before,
      active: false,
      erasedAt: ctx.now,
      person: null,
      version: before.version + 1,
      sequence: await this.publish(tx, ctx, before, [fact]),
    };
    await this.repository.update(tx, after);
    await this.record(tx, ctx, customerId, {
      action: 'erase',
      reason,
      branchId: this.branchOf(ctx, before),
      changes: [{ field: 'erasedAt', from: null, to: ctx.now.toISOString() }],
    });
    await this.persons.erase(tx, CustomerPersons, customerId);
    return after;
  }

  /** Brings keys and the topic of personal values in line with the record. */
  async spread(tx: Tx, { id, kind, person }: KnownCustomer): Promise<void> {
    if (!person) return;
    await this.repository.keepKeys(tx, id, identityKeys({ kind, ...person }, pinyin));
    const branchIds = await this.repository.branchesOf(tx, id);
    const { name, phones } = person;
    await this.persons.put(tx, CustomerPersons, id, {
      customerId: id,
      kind,
      name,
      phones: [...phones],
      branchIds,
    });
  }

  /** Writes one row of the trail in a branch. */
  async record(tx: Tx, ctx: CallContext, entityId: string, { reason, ...entry }: Entry): Promise<void> {
    await this.audit.record(tx, ctx, {
      entity: 'customer',
      entityId,
      ...entry,
      ...(reason === undefined ? {} : { reason }),
    });
  }

  /** Appends the facts after the last one; gives the new sequence. */
  async publish(
    tx: Tx,
    ctx: CallContext,
    { id, sequence }: Customer,
    facts: readonly CustomerFact[],
  ): Promise<number> {
    const events = facts.map((fact, index) => ({
      ...fact,
      aggregateId: id,
      sequence: sequence + index + 1,
      occurredAt: ctx.now,
    }));
    await this.outbox.append(tx, ctx, events);
    return sequence + facts.length;
  }

  /** In whose trail a change stands: the first branch that the caller may write in, else where the customer was registered. */
  branchOf(ctx: CallContext, { places, registeredIn }: KnownCustomer): string {
    const { write } = ctx.scope;
    const own = places.find(
      ({ branchId, siteId }) =>
        write === '*' || write.includes(branchId) || (siteId !== null && write.includes(siteId)),
    );
    return own?.branchId ?? registeredIn;
  }

  linked(ctx: CallContext, { id, kind }: Customer, branchId: string, how: Link['how']): CustomerFact {
    const data = { customerId: id, kind, linkedAt: ctx.now.toISOString(), how };
    return { definition: CustomerLinked, branchId, data };
  }

  private changed({ id, kind, active }: Customer, fields: string[]): CustomerFact {
    return { definition: CustomerChanged, branchId: null, data: { customerId: id, kind, active, fields } };
  }
}

const isFilled = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : value !== null);

const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);

const changedFields = (before: KnownCustomer, after: KnownCustomer): string[] => [
  ...(before.active === after.active ? [] : ['active']),
  ...PERSONAL.filter((field) => differs(before.person?.[field], after.person?.[field])),
];

const PLAIN = ['active', 'mergedInto', 'legalHold'] as const;

const changesBetween = (before: KnownCustomer, after: KnownCustomer): AuditChange[] => [
  ...changesOf(before, after, PLAIN),
  ...changesOf(before.person, after.person, PERSONAL).map((change) => ({
    ...change,
    personOf: before.id,
  })),
];
