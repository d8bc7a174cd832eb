import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { CustomersQuery } from './customer.dto.js';
import type { IdentityKey, Vehicle } from './identity.rules.js';

/** The master record without what is personal. */
export type Customer = Readonly<{
  id: string;
  number: string;
  kind: 'person' | 'company';
  registeredIn: string;
  active: boolean;
  inactiveSince: Date | null;
  mergedInto: string | null;
  legalHold: boolean;
  erasedAt: Date | null;
  registeredAt: Date;
  version: number;
  sequence: number;
}>;

/** What identifies a customer; one row, so that erasing is deleting it (ORG-04). */
export type Person = Readonly<{
  name: string;
  maskedName: string;
  phones: readonly string[];
  vehicles: readonly Vehicle[];
  idNumber: string | null;
  address: string | null;
}>;

/** A customer with the personal values that are still there, and the branches and sites in which the reader sees it. */
export type KnownCustomer = Customer &
  Readonly<{
    person: Person | null;
    places: readonly Readonly<{ branchId: string; siteId: string | null }>[];
  }>;

export type Link = Readonly<{
  id: string;
  customerId: string;
  branchId: string;
  siteId: string | null;
  how: 'registered' | 'confirmed' | 'merge';
  linkedAt: Date;
  linkedBy: string;
}>;

const COLUMNS = `c.id, c.number, c.kind, c.registered_in "registeredIn", c.active, c.inactive_since "inactiveSince",
  c.merged_into "mergedInto", c.legal_hold "legalHold", c.erased_at "erasedAt", c.registered_at "registeredAt", c.version, c.sequence,
  case when p.customer_id is not null then jsonb_build_object('name', p.name, 'maskedName', p.masked_name, 'phones', p.phones,
    'vehicles', p.vehicles, 'idNumber', p.id_number, 'address', p.address) end person,
  (select coalesce(jsonb_agg(jsonb_build_object('branchId', l.branch_id, 'siteId', l.site_id)), '[]')
   from customer_branch l where l.customer_id = c.id) places`;
const FROM = 'from customer c left join customer_person p on p.customer_id = c.id';

/** All SQL of customers. */
@Injectable()
export class CustomerRepository {
  async find(tx: Tx, id: string): Promise<KnownCustomer | null> {
    const [row] = await tx.query<KnownCustomer>(`select ${COLUMNS} ${FROM} where c.id = $1`, [id]);
    return row ?? null;
  }

  /** Locks the customer until the end of the transaction: facts of one customer come one after another. */
  async lock(tx: Tx, id: string): Promise<KnownCustomer | null> {
    const [row] = await tx.query<KnownCustomer>(`select ${COLUMNS} ${FROM} where c.id = $1 for update of c`, [
      id,
    ]);
    return row ?? null;
  }

  /** Stores the link first: whoever may not write in its branch stores nothing. */
  async add(tx: Tx, customer: Customer, person: Person, link: Link): Promise<void> {
    await tx.query(
      `insert into customer_branch (id, customer_id, branch_id, site_id, how, linked_at, linked_by)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [link.id, link.customerId, link.branchId, link.siteId, link.how, link.linkedAt, link.linkedBy],
    );
    await tx.query(
      `insert into customer (id, number, kind, registered_in, registered_at, version, sequence)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        customer.id,
        customer.number,
        customer.kind,
        customer.registeredIn,
        customer.registeredAt,
        customer.version,
        customer.sequence,
      ],
    );
    await tx.query(
      `insert into customer_person (customer_id, name, masked_name, phones, vehicles, id_number, address)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [customer.id, ...personValues(person)],
    );
  }

  async update(tx: Tx, customer: Customer): Promise<void> {
    await tx.query(
      `update customer set active = $2, inactive_since = $3, merged_into = $4, legal_hold = $5, erased_at = $6, version = $7,
         sequence = $8 where id = $1`,
      [
        customer.id,
        customer.active,
        customer.inactiveSince,
        customer.mergedInto,
        customer.legalHold,
        customer.erasedAt,
        customer.version,
        customer.sequence,
      ],
    );
  }

  async updatePerson(tx: Tx, customerId: string, person: Person): Promise<void> {
    await tx.query(
      `update customer_person set name = $2, masked_name = $3, phones = $4, vehicles = $5, id_number = $6, address = $7
       where customer_id = $1`,
      [customerId, ...personValues(person)],
    );
  }

  async erasePerson(tx: Tx, customerId: string): Promise<void> {
    await tx.query('delete from customer_person where customer_id = $1', [customerId]);
    await tx.query('delete from contact where customer_id = $1', [customerId]);
  }

  /** ACC-02: makes these the keys by which the customer is found. */
  async keepKeys(tx: Tx, customerId: string, keys: readonly IdentityKey[]): Promise<void> {
    await tx.query('select keep_customer_keys($1, $2)', [customerId, JSON.stringify(keys)]);
  }

  /** Every branch that sees the customer, also those that the caller does not see. */
  async branchesOf(tx: Tx, customerId: string): Promise<string[]> {
    const [row] = await tx.query<{ branches: string[] }>('select branches_of_customer($1) branches', [
      customerId,
    ]);
    return row!.branches;
  }

  /** Customers who were given up before a time, without those under legal hold or erased; oldest first, after the last one. */
  async former(tx: Tx, before: Date, after: Customer | undefined, limit: number): Promise<KnownCustomer[]> {
    return tx.query<KnownCustomer>(
      `select ${COLUMNS} ${FROM} where c.inactive_since < $1 and c.erased_at is null and not c.legal_hold
         and (c.inactive_since, c.id) > ($2, $3) order by c.inactive_since, c.id limit $4`,
      [
        before,
        after?.inactiveSince ?? '-infinity',
        after?.id ?? '00000000-0000-0000-0000-000000000000',
        limit,
      ],
    );
  }

  async list(tx: Tx, query: CustomersQuery, terms: readonly SearchTerm[]): Promise<Page<KnownCustomer>> {
    const where: string[] = [];
    const values: unknown[] = [];
    const add = (condition: (place: string) => string, value: unknown): void =>
      void where.push(condition(`$${values.push(value)}`));
    if (query.branchId !== undefined)
      add(
        (at) => `exists (select from customer_branch l where l.customer_id = c.id and l.branch_id = ${at})`,
        query.branchId,
      );
    if (query.ids !== undefined) add((at) => `c.id = any (${at})`, query.ids);
    if (query.number !== undefined) add((at) => `c.number = ${at}`, query.number);
    if (query.kind !== undefined) add((at) => `c.kind = ${at}`, query.kind);
    if (query.active !== undefined) add((at) => `c.active = ${at}`, query.active);
    if (query.search !== undefined) {
      const found = await this.search(tx, terms);
      add((at) => `(c.id = any (${at}) or c.number = ${`$${values.length + 1}`})`, found);
      values.push(query.search.toUpperCase());
    }
    const page = keyset(
      query,
      { registeredAt: { column: 'c.registered_at', type: 'timestamptz' } },
      { id: 'c.id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<KnownCustomer & KeyedRow>(
      `select ${COLUMNS}, ${page.select} ${FROM} where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...customer }) => customer);
  }

  /** At most so many: a search that finds more is to be made narrower. */
  private async search(tx: Tx, terms: readonly SearchTerm[]): Promise<string[]> {
    const [row] = await tx.query<{ found: string[] }>('select search_customers($1, $2) found', [
      JSON.stringify(
        terms.map(({ reason, starts }) => ({ reason, starts: starts.replaceAll(/[\\%_]/g, '\\$&') })),
      ),
      MOST_FOUND,
    ]);
    return row!.found;
  }
}

const MOST_FOUND = 1000;

/** The beginning of a key. */
export type SearchTerm = Readonly<{ reason: string; starts: string }>;

const personValues = (person: Person): unknown[] => [
  person.name,
  person.maskedName,
  JSON.stringify(person.phones),
  JSON.stringify(person.vehicles),
  person.idNumber,
  person.address,
];
