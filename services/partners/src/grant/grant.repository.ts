import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { GrantTerms } from '../log/reduce.rules.js';
import type { GrantsQuery } from './grant.dto.js';
import type { Grant } from './grant.rules.js';

const TERMS = `event_types "eventTypes", branch_ids "branchIds", group_facts "groupFacts", personal_fields "personalFields"`;
const COLUMNS = `id, partner_id "partnerId", client, name, ${TERMS}, state, given_by "givenBy", given_at "givenAt",
  revoked_at "revokedAt", version`;

/** All SQL of grants. */
@Injectable()
export class GrantRepository {
  async insert(tx: Tx, grant: Grant): Promise<void> {
    await tx.query(
      `insert into partner_grant (id, partner_id, client, name, event_types, branch_ids, group_facts, personal_fields,
         state, given_by, given_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        grant.id,
        grant.partnerId,
        grant.client,
        grant.name,
        grant.eventTypes,
        grant.branchIds,
        grant.groupFacts,
        grant.personalFields,
        grant.state,
        grant.givenBy,
        grant.givenAt,
        grant.version,
      ],
    );
  }

  async update(tx: Tx, grant: Grant): Promise<void> {
    await tx.query(
      `update partner_grant set name = $2, event_types = $3, branch_ids = $4, group_facts = $5, personal_fields = $6,
         state = $7, revoked_at = $8, version = $9 where id = $1`,
      [
        grant.id,
        grant.name,
        grant.eventTypes,
        grant.branchIds,
        grant.groupFacts,
        grant.personalFields,
        grant.state,
        grant.revokedAt,
        grant.version,
      ],
    );
  }

  async byId(tx: Tx, id: string, lock = ''): Promise<Grant | undefined> {
    const [row] = await tx.query<Grant>(`select ${COLUMNS} from partner_grant where id = $1 ${lock}`, [id]);
    return row;
  }

  lock(tx: Tx, id: string): Promise<Grant | undefined> {
    return this.byId(tx, id, 'for update');
  }

  /** The terms of a partner's grants that hold now. */
  async activeOf(tx: Tx, partnerId: string): Promise<GrantTerms[]> {
    return tx.query<GrantTerms>(
      `select ${TERMS} from partner_grant where partner_id = $1 and state = 'active' order by given_at limit 500`,
      [partnerId],
    );
  }

  async list(tx: Tx, query: GrantsQuery): Promise<Page<Grant>> {
    const where: string[] = [];
    const values: unknown[] = [];
    if (query.client !== undefined) where.push(`client = $${values.push(query.client)}`);
    if (query.state !== undefined) where.push(`state = $${values.push(query.state)}`);
    const page = keyset(
      query,
      { givenAt: { column: 'given_at', type: 'timestamptz' } },
      { id: 'id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<Grant & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from partner_grant where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...grant }) => grant);
  }
}
