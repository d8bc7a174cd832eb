import { Injectable } from '@nestjs/common';
import { prepared, type Tx } from '@steward/platform';
import type { Delivery, EndpointState } from '../subscription/subscription.js';
import type { Wish } from '../subscription/subscription.rules.js';
import type { Progress } from './delivery.rules.js';

/** An endpoint that this copy serves for the moment. `number` tells this lease from all later ones. */
export type Endpoint = Readonly<{
  id: string;
  partnerId: string;
  kind: Delivery;
  address: string;
  state: EndpointState;
  failures: number;
  suspendedAt: Date | null;
  number: number;
}>;

/** A subscription as the delivery sees it. */
export type Served = Wish &
  Readonly<{
    id: string;
    partnerId: string;
    client: string;
    version: number;
    position: number;
    ahead: readonly number[];
    rewinds: number;
  }>;

const COLUMNS = `id, partner_id "partnerId", kind, address, state, failures, suspended_at "suspendedAt",
  lease_number "number"`;

type Row = Omit<Endpoint, 'number'> & { number: string };
const toEndpoint = (row: Row): Endpoint => ({ ...row, number: Number(row.number) });

const CLAIM = prepared(
  'claim-endpoints',
  `
update endpoint set lease_owner = $1, lease_until = clock_timestamp() + $2 * interval '1 ms', lease_number = lease_number + 1
where id in (
  select e.id from endpoint e
  where e.state <> 'disabled' and (e.lease_until is null or e.lease_until <= clock_timestamp())
    and (e.next_try_at is null or e.next_try_at <= clock_timestamp())
    and exists (
      select from subscription s join subscription_cursor c on c.id = s.id
      where s.endpoint_id = e.id and s.state = 'active' and (
        c.position < (select coalesce(max(position), 0) from partner_event)
        or exists (select from parked_delivery p where p.subscription_id = s.id and p.state = 'due')))
  order by e.next_try_at nulls first, e.lease_until nulls first limit $3 for update skip locked)
returning ${COLUMNS}`,
);

const LEASED = prepared(
  'endpoint-leased',
  `select ${COLUMNS} from endpoint where id = $1 and lease_number = $2 and state <> 'disabled'`,
);
const HOLDS = prepared(
  'endpoint-holds',
  'select from endpoint where id = $1 and lease_number = $2 for update',
);
const SERVED = prepared(
  'subscriptions-served',
  `select s.id, s.partner_id "partnerId", s.client, s.version, s.event_types "eventTypes", s.branch_ids "branchIds",
         s.filter, c.position, c.ahead, c.rewinds
       from subscription s join subscription_cursor c on c.id = s.id
       where s.endpoint_id = $1 and s.state = 'active' order by s.id`,
);
const LOCK_CURSOR = prepared(
  'lock-cursor',
  'select from subscription_cursor where id = $1 and rewinds = $2 for update',
);
const MOVE_CURSOR = prepared(
  'move-cursor',
  `update subscription_cursor set position = $2, ahead = $3::bigint[], delivered = delivered + $4,
         last_delivered_at = case when $4 > 0 then $5::timestamptz else last_delivered_at end where id = $1`,
);

/** All SQL of endpoints, leases and cursors. */
@Injectable()
export class EndpointRepository {
  /** Takes endpoints that have something to deliver and that no copy serves. */
  async claim(tx: Tx, owner: string, leaseMs: number, limit: number): Promise<Endpoint[]> {
    return (await tx.query<Row>(CLAIM, [owner, leaseMs, limit])).map(toEndpoint);
  }

  /** Holds on to an endpoint; undefined when another copy has it or it was disabled. */
  async renew(tx: Tx, { id, number }: Endpoint, leaseMs: number): Promise<Endpoint | undefined> {
    const [row] = await tx.query<Row>(
      `update endpoint set lease_until = clock_timestamp() + $3 * interval '1 ms'
       where id = $1 and lease_number = $2 and state <> 'disabled' returning ${COLUMNS}`,
      [id, number, leaseMs],
    );
    return row && toEndpoint(row);
  }

  /** The endpoint as it is; undefined when another copy has it or it was disabled. */
  async leased(tx: Tx, { id, number }: Endpoint): Promise<Endpoint | undefined> {
    const [row] = await tx.query<Row>(LEASED, [id, number]);
    return row && toEndpoint(row);
  }

  /** Whether the lease still is this one; it stays so until the transaction ends. */
  async holds(tx: Tx, { id, number }: Endpoint): Promise<boolean> {
    const rows = await tx.query(HOLDS, [id, number]);
    return rows.length > 0;
  }

  async release(tx: Tx, { id, number }: Endpoint): Promise<void> {
    await tx.query('update endpoint set lease_until = null where id = $1 and lease_number = $2', [
      id,
      number,
    ]);
  }

  /** The endpoint answers again. */
  async reopen(tx: Tx, id: string): Promise<void> {
    await tx.query(
      `update endpoint set state = 'open', failures = 0, suspended_at = null, next_try_at = null, last_error = null
       where id = $1 and state = 'suspended'`,
      [id],
    );
  }

  /** The endpoint is left alone until the next probe, and free for any copy to probe. */
  async suspend(
    tx: Tx,
    id: string,
    failure: Readonly<{ now: Date; pauseMs: number; error: string }>,
  ): Promise<void> {
    await tx.query(
      `update endpoint set state = 'suspended', failures = failures + 1, suspended_at = coalesce(suspended_at, $2),
         next_try_at = clock_timestamp() + $3 * interval '1 ms', last_error = $4, lease_until = null where id = $1`,
      [id, failure.now, failure.pauseMs, failure.error],
    );
  }

  async disable(tx: Tx, id: string, error: string): Promise<void> {
    await tx.query(
      `update endpoint set state = 'disabled', last_error = $2, lease_until = null, next_try_at = null where id = $1`,
      [id, error],
    );
  }

  async served(tx: Tx, endpointId: string): Promise<Served[]> {
    const rows = await tx.query<Omit<Served, 'position' | 'ahead'> & { position: string; ahead: string[] }>(
      SERVED,
      [endpointId],
    );
    return rows.map((row) => ({ ...row, position: Number(row.position), ahead: row.ahead.map(Number) }));
  }

  /** Of which of these the version is still the one that was read: not paused, changed or rewound since. */
  async versions(tx: Tx, ids: readonly string[]): Promise<Map<string, number>> {
    const rows = await tx.query<{ id: string; version: number }>(
      `select id, version from subscription where id = any ($1) and state = 'active'`,
      [ids],
    );
    return new Map(rows.map(({ id, version }) => [id, version]));
  }

  /** Locks the cursor; false when it was put elsewhere since it was read. */
  async lockCursor(tx: Tx, { id, rewinds }: Served): Promise<boolean> {
    const rows = await tx.query(LOCK_CURSOR, [id, rewinds]);
    return rows.length > 0;
  }

  async moveCursor(
    tx: Tx,
    id: string,
    { position, ahead }: Progress,
    delivered: number,
    now: Date,
  ): Promise<void> {
    await tx.query(MOVE_CURSOR, [id, position, `{${ahead.join(',')}}`, delivered, now]);
  }

  /** Ids of the active subscriptions of an endpoint, locked. */
  async lockActive(tx: Tx, endpointId: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `select id from subscription where endpoint_id = $1 and state = 'active' order by id for update`,
      [endpointId],
    );
    return rows.map(({ id }) => id);
  }
}
