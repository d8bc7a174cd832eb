import { Injectable } from '@nestjs/common';
import { GROUP_SCOPE, WorkerDatabase, type Tx } from '@steward/platform';
import { GrantBook } from '../grant/grant-book.js';
import { LogRepository } from '../log/log.repository.js';
import { reduced, type LoggedEvent } from '../log/partner-event.js';
import { grantedBranches, permitted, type Granted, type Reach } from '../log/reduce.rules.js';
import { SecretBook } from '../subscription/secret-book.js';
import { wanted } from '../subscription/subscription.rules.js';
import { EndpointRepository, type Endpoint, type Served } from './endpoint.repository.js';
import { ParkedRepository, type Parked } from './parked.repository.js';

/** Events that one round takes of a subscription, and positions that it looks over for them. */
const EVENTS = 200;
const POSITIONS = 5000;
/** Parked events that one round sends again. */
const RESENDS = 50;
/** Milliseconds that a lease is left to run before it is put off again. */
const RENEW_MS = 1000;

/** An event that is to be sent, with the row of its parking when it is sent again. */
export type Job = Readonly<{ served: Served; event: LoggedEvent; parked?: Parked }>;

/** What one round does for a subscription: the part of the log up to `upTo`. */
export type Share = Readonly<{
  served: Served;
  keys: readonly Buffer[];
  upTo: number;
  /** Whether the log goes on behind it. */
  more: boolean;
  /** In order; those behind parked ones of their record are not among them but in `behind`. */
  jobs: readonly Job[];
  behind: readonly LoggedEvent[];
  resends: readonly Job[];
  /** Parked rows whose event the log does not have any more. */
  lost: readonly Parked[];
}>;

/** An endpoint's lease in the hands of this copy, and until when (`performance.now()`). */
export type Holding = { readonly lease: Endpoint; until: number };

/** One turn of an endpoint. */
export type Round = Readonly<{ endpoint: Endpoint; heldUntil: number; shares: readonly Share[] }>;

/** Positions that are done with and may not be stored yet: nothing was to be sent up to them, or it was taken. */
export type Passed = Map<string, Readonly<{ rewinds: number; position: number }>>;

/** Reads what there is to do at an endpoint, and holds on to it. */
@Injectable()
export class Rounds {
  constructor(
    private readonly database: WorkerDatabase,
    private readonly endpoints: EndpointRepository,
    private readonly log: LogRepository,
    private readonly parked: ParkedRepository,
    private readonly secrets: SecretBook,
    private readonly grants: GrantBook,
  ) {}

  /** The next round; undefined when the endpoint is not this copy's any more. */
  async next(holding: Holding, leaseMs: number, passed: Passed): Promise<Round | undefined> {
    const until = performance.now() + leaseMs;
    const renews = until - holding.until > RENEW_MS;
    const held = await this.hold(holding.lease, renews ? leaseMs : null);
    if (!held) return undefined;
    if (renews) holding.until = until;
    const shares: Share[] = [];
    for (const stored of held.served) {
      const over = passed.get(stored.id);
      const position =
        over?.rewinds === stored.rewinds ? Math.max(over.position, stored.position) : stored.position;
      const granted = await this.grants.of(stored.client);
      const share = await this.database.read(GROUP_SCOPE, (tx) =>
        this.share(tx, { ...stored, position }, granted, held.head),
      );
      shares.push({ ...share, keys: held.keys.get(stored.id) ?? [] });
    }
    return { endpoint: held.endpoint, heldUntil: holding.until, shares };
  }

  private hold(lease: Endpoint, leaseMs: number | null) {
    return this.database.transaction(GROUP_SCOPE, async (tx) => {
      const endpoint =
        leaseMs === null ? await this.endpoints.leased(tx, lease) : await this.renew(tx, lease, leaseMs);
      if (!endpoint) return undefined;
      const served = await this.endpoints.served(tx, lease.id);
      const ids = served.map(({ id }) => id);
      const live = await this.secrets.live(tx, ids, new Date());
      const keys = new Map([...live].map(([id, list]) => [id, list.map(({ key }) => key)]));
      return { endpoint, served, keys, head: await this.log.head(tx) };
    });
  }

  private async renew(tx: Tx, lease: Endpoint, leaseMs: number): Promise<Endpoint | undefined> {
    // whoever holds on forgets nothing: after a crash of the database the lease only ends sooner
    await tx.query('set local synchronous_commit = off');
    return this.endpoints.renew(tx, lease, leaseMs);
  }

  private async share(tx: Tx, served: Served, granted: Granted, head: number): Promise<Omit<Share, 'keys'>> {
    const resends = await this.resends(tx, served);
    const end = Math.min(head, served.position + POSITIONS);
    if (end <= served.position)
      return { served, upTo: served.position, more: false, jobs: [], behind: [], ...resends };
    const events = await this.log.read(tx, {
      after: served.position,
      upTo: end,
      types: served.eventTypes,
      branches: branchesOf(served, granted),
      limit: EVENTS,
    });
    const upTo = events.length < EVENTS ? end : events.at(-1)!.position;
    const ahead = new Set(served.ahead);
    const due = events.filter((event) => !ahead.has(event.position) && takes(served, granted, event));
    const waiting = await this.parked.parkedAggregates(tx, served.id, [
      ...new Set(due.map(({ aggregateId }) => aggregateId)),
    ]);
    const [behind, free] = [true, false].map((is) =>
      due.filter((event) => waiting.has(event.aggregateId) === is),
    );
    const more = upTo < head;
    return {
      served,
      upTo,
      more,
      jobs: free!.map((event) => ({ served, event })),
      behind: behind!,
      ...resends,
    };
  }

  private async resends(tx: Tx, served: Served): Promise<Pick<Share, 'resends' | 'lost'>> {
    const rows = await this.parked.due(tx, served.id, RESENDS);
    const events = await this.log.at(
      tx,
      rows.map(({ position }) => position),
    );
    const byPosition = new Map(events.map((event) => [event.position, event]));
    const found = rows.filter(({ position }) => byPosition.has(position));
    return {
      resends: found.map((parked) => ({ served, event: byPosition.get(parked.position)!, parked })),
      lost: rows.filter(({ position }) => !byPosition.has(position)),
    };
  }
}

function branchesOf({ branchIds }: Served, granted: Granted): Reach {
  const reach = grantedBranches(granted);
  if (branchIds === null) return reach;
  return reach === '*' ? branchIds : branchIds.filter((id) => reach.includes(id));
}

function takes(served: Served, granted: Granted, event: LoggedEvent): boolean {
  const kept = permitted(granted, event);
  return kept !== null && wanted(served, reduced(event, served.partnerId, kept));
}
