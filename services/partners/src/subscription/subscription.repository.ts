import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { SubscriptionsQuery } from './subscription.dto.js';
import type { Delivery, Subscription } from './subscription.js';

const SELECT = `select s.id, s.partner_id "partnerId", s.client, s.name, s.endpoint_id "endpointId", e.kind delivery,
  e.address, s.event_types "eventTypes", s.branch_ids "branchIds", s.filter, s.state, s.state_reason "stateReason",
  s.made_at "madeAt", s.version, c.position, c.delivered, c.last_delivered_at "lastDeliveredAt",
  (select count(*)::int from parked_delivery p where p.subscription_id = s.id) parked,
  e.state "endpointState", e.failures, e.next_try_at "nextTryAt", e.last_error "lastError"`;
const FROM = `from subscription s join endpoint e on e.id = s.endpoint_id join subscription_cursor c on c.id = s.id`;

type Row = Omit<Subscription, 'endpoint' | 'position' | 'delivered'> &
  Subscription['endpoint'] & {
    endpointState: Subscription['endpoint']['state'];
    position: string;
    delivered: string;
  };

const toSubscription = (row: Row): Subscription => {
  const { endpointState, failures, nextTryAt, lastError, position, delivered, ...rest } = row;
  return {
    ...rest,
    position: Number(position),
    delivered: Number(delivered),
    endpoint: { state: endpointState, failures, nextTryAt, lastError },
  };
};

/** What is stored of a subscription that is new. */
export type NewSubscription = Omit<Subscription, 'delivered' | 'lastDeliveredAt' | 'parked' | 'endpoint'>;

/** All SQL of subscriptions as their owners see them. */
@Injectable()
export class SubscriptionRepository {
  async insert(tx: Tx, made: NewSubscription): Promise<void> {
    await tx.query(
      `insert into subscription (id, partner_id, client, name, endpoint_id, event_types, branch_ids, filter, state,
         made_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        made.id,
        made.partnerId,
        made.client,
        made.name,
        made.endpointId,
        made.eventTypes,
        made.branchIds,
        JSON.stringify(made.filter),
        made.state,
        made.madeAt,
        made.version,
      ],
    );
    await tx.query('insert into subscription_cursor (id, partner_id, position) values ($1, $2, $3)', [
      made.id,
      made.partnerId,
      made.position,
    ]);
  }

  async update(tx: Tx, changed: Subscription): Promise<void> {
    await tx.query(
      `update subscription set name = $2, endpoint_id = $3, event_types = $4, branch_ids = $5, filter = $6, state = $7,
         state_reason = $8, version = $9 where id = $1`,
      [
        changed.id,
        changed.name,
        changed.endpointId,
        changed.eventTypes,
        changed.branchIds,
        JSON.stringify(changed.filter),
        changed.state,
        changed.stateReason,
        changed.version,
      ],
    );
  }

  /** The endpoint of an address, made when the partner has none; one that was given up is open again. */
  async endpoint(tx: Tx, id: string, partnerId: string, kind: Delivery, address: string): Promise<string> {
    const [row] = await tx.query<{ id: string }>(
      `insert into endpoint as e (id, partner_id, kind, address, state) values ($1, $2, $3, $4, 'open')
       on conflict (partner_id, kind, address) do update set
         state = case e.state when 'disabled' then 'open' else e.state end,
         failures = case e.state when 'disabled' then 0 else e.failures end,
         suspended_at = case e.state when 'disabled' then null else e.suspended_at end,
         next_try_at = case e.state when 'disabled' then null else e.next_try_at end
       returning id`,
      [id, partnerId, kind, address],
    );
    return row!.id;
  }

  /** An endpoint that waits is tried at once. */
  async tryNow(tx: Tx, endpointId: string): Promise<void> {
    await tx.query(
      `update endpoint set next_try_at = now() where id = $1 and state = 'suspended' and next_try_at > now()`,
      [endpointId],
    );
  }

  async byId(tx: Tx, id: string): Promise<Subscription | undefined> {
    const [row] = await tx.query<Row>(`${SELECT} ${FROM} where s.id = $1`, [id]);
    return row && toSubscription(row);
  }

  async lock(tx: Tx, id: string): Promise<Subscription | undefined> {
    const [row] = await tx.query<Row>(`${SELECT} ${FROM} where s.id = $1 for update of s`, [id]);
    return row && toSubscription(row);
  }

  /** How many a partner has that are not given up; others of it wait meanwhile. */
  async countLive(tx: Tx, partnerId: string): Promise<number> {
    await tx.query('select pg_advisory_xact_lock(727011, hashtext($1))', [partnerId]);
    const [row] = await tx.query<{ live: number }>(
      `select count(*)::int live from subscription where partner_id = $1 and state <> 'ended'`,
      [partnerId],
    );
    return row!.live;
  }

  /** Puts the cursor to a position; what a delivery under way has done since does not count. */
  async rewind(tx: Tx, id: string, position: number): Promise<void> {
    await tx.query(
      `update subscription_cursor set position = $2, ahead = '{}', rewinds = rewinds + 1 where id = $1`,
      [id, position],
    );
  }

  async list(tx: Tx, query: SubscriptionsQuery): Promise<Page<Subscription>> {
    const where: string[] = [];
    const values: unknown[] = [];
    if (query.state !== undefined) where.push(`s.state = $${values.push(query.state)}`);
    if (query.client !== undefined) where.push(`s.client = $${values.push(query.client)}`);
    const page = keyset(
      query,
      { madeAt: { column: 's.made_at', type: 'timestamptz' } },
      { id: 's.id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<Row & KeyedRow>(
      `${SELECT}, ${page.select} ${FROM} where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...row }) => toSubscription(row as Row));
  }
}
