import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { ContactsQuery } from './contact.dto.js';
import type { ContactRole } from './contact.rules.js';

export type Contact = Readonly<{
  id: string;
  customerId: string;
  role: ContactRole;
  name: string;
  phone: string | null;
  validFrom: string;
  validTo: string | null;
  proof: string | null;
  version: number;
}>;

const COLUMNS = `id, customer_id "customerId", role, name, phone, valid_from::text "validFrom", valid_to::text "validTo",
  proof, version`;

/** All SQL of contacts. */
@Injectable()
export class ContactRepository {
  async add(tx: Tx, contact: Contact): Promise<void> {
    await tx.query(
      `insert into contact (id, customer_id, role, name, phone, valid_from, valid_to, proof, version)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        contact.id,
        contact.customerId,
        contact.role,
        contact.name,
        contact.phone,
        contact.validFrom,
        contact.validTo,
        contact.proof,
        contact.version,
      ],
    );
  }

  async find(tx: Tx, customerId: string, id: string): Promise<Contact | null> {
    const [row] = await tx.query<Contact>(
      `select ${COLUMNS} from contact where customer_id = $1 and id = $2`,
      [customerId, id],
    );
    return row ?? null;
  }

  async lock(tx: Tx, customerId: string, id: string): Promise<Contact | null> {
    const [row] = await tx.query<Contact>(
      `select ${COLUMNS} from contact where customer_id = $1 and id = $2 for update`,
      [customerId, id],
    );
    return row ?? null;
  }

  async update(tx: Tx, { id, phone, validTo, proof, version }: Contact): Promise<void> {
    await tx.query('update contact set phone = $2, valid_to = $3, proof = $4, version = $5 where id = $1', [
      id,
      phone,
      validTo,
      proof,
      version,
    ]);
  }

  async list(tx: Tx, customerId: string, query: ContactsQuery): Promise<Page<Contact>> {
    const where = ['customer_id = $1'];
    const values: unknown[] = [customerId];
    if (query.role !== undefined) where.push(`role = $${values.push(query.role)}`);
    if (query.validOn !== undefined) {
      const at = `$${values.push(query.validOn)}::date`;
      where.push(`valid_from <= ${at} and coalesce(valid_to, 'infinity') >= ${at}`);
    }
    const page = keyset(
      query,
      { validFrom: { column: 'valid_from', type: 'date' } },
      { id: 'id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<Contact & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from contact where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...contact }) => contact);
  }
}
