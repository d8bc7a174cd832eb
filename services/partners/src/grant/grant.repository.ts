import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { GrantTerms } from '../log/reduce.rules.js';
import type { GrantsQuery } from './grant.dto.js';
import type { Grant, GrantTopic } from './grant.rules.js';

const TERMS = `event_types "eventTypes", branch_ids "branchIds", group_facts "groupFacts", personal_fields "personalFields"`;
const COLUMNS = `id, partner_id "partnerId", client, name, ${TERMS}, state, given_by "givenBy", given_at "givenAt",
  revoked_at "revokedAt", version, topic "topicName", topic_state "topicState",
  topic_subscription_id "topicSubscriptionId", topic_credentials_at "topicCredentialsAt"`;

type Row = Omit<Grant, 'topic'> & {
  topicName: string | null;
  topicState: GrantTopic['state'];
  topicSubscriptionId: string;
  topicCredentialsAt: Date | null;
};

const toGrant = (row: Row): Grant => {
  const { topicName: name, topicState: state, topicSubscriptionId, topicCredentialsAt, ...grant } = row;
  const topic = { state, subscriptionId: topicSubscriptionId, credentialsAt: topicCredentialsAt };
  return { ...grant, topic: name === null ? null : { name, ...topic } };
};

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
         state = $7, revoked_at = $8, version = $9, topic = $10, topic_state = $11, topic_subscription_id = $12,
         topic_credentials_at = $13 where id = $1`,
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
        grant.topic?.name,
        grant.topic?.state,
        grant.topic?.subscriptionId,
        grant.topic?.credentialsAt,
      ],
    );
  }

  /** Whether the partner has a topic by any of its grants. */
  async hasTopic(tx: Tx, partnerId: string): Promise<boolean> {
    const rows = await tx.query('select from partner_grant where partner_id = $1 and topic is not null', [
      partnerId,
    ]);
    return rows.length > 0;
  }

  /** Partners whose topics are to be closed. */
  async closing(tx: Tx, limit: number): Promise<{ id: string; partnerId: string }[]> {
    return tx.query(
      `select id, partner_id "partnerId" from partner_grant where topic_state = 'closing'
       order by id limit $1`,
      [limit],
    );
  }

  /** The topic is closed. */
  async forgetTopic(tx: Tx, id: string): Promise<void> {
    await tx.query(
      `update partner_grant set topic = null, topic_state = null, topic_subscription_id = null,
         topic_credentials_at = null where id = $1 and topic_state = 'closing'`,
      [id],
    );
  }

  async byId(tx: Tx, id: string, lock = ''): Promise<Grant | undefined> {
    const [row] = await tx.query<Row>(`select ${COLUMNS} from partner_grant where id = $1 ${lock}`, [id]);
    return row && toGrant(row);
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

  /** The time by the clock that all copies share, as leases go by. */
  async now(tx: Tx): Promise<Date> {
    const [row] = await tx.query<{ now: Date }>('select clock_timestamp() now');
    return row!.now;
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
    const rows = await tx.query<Row & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from partner_grant where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...row }) => toGrant(row as Row));
  }
}
