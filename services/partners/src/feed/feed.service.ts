import { Injectable } from '@nestjs/common';
import { Database, type CallContext, type Scope } from '@steward/platform';
import { GrantBook } from '../grant/grant-book.js';
import { LogPlaces } from '../log/log-places.js';
import { LogRepository } from '../log/log.repository.js';
import { partnerIdOf, reduced, type LoggedEvent, type PartnerEvent } from '../log/partner-event.js';
import { grantedBranches, grantedTypes, permitted, type Granted } from '../log/reduce.rules.js';
import { placeText, type FeedDto, type FeedQuery } from './feed.dto.js';

/** Positions that one look covers, and looks that one request takes at most. */
const POSITIONS = 5000;
const LOOKS = 10;

/**
 * The log as a partner may read it by itself (PTR-01). Positions become visible in their order, so a place that was
 * passed never gets something before it.
 */
@Injectable()
export class FeedService {
  constructor(
    private readonly database: Database,
    private readonly log: LogRepository,
    private readonly places: LogPlaces,
    private readonly grants: GrantBook,
  ) {}

  async read(ctx: CallContext, query: FeedQuery): Promise<FeedDto> {
    const granted = await this.grants.of(ctx.actor.id);
    const head = await this.places.head();
    const types = grantedTypes(granted).filter((type) => (query.eventType ?? type) === type);
    let at = query.after ?? (query.from ? await this.places.before(new Date(query.from)) : 0);
    const items: PartnerEvent[] = [];
    if (types.length === 0) return { items, next: placeText(Math.max(at, head)), more: false };
    for (let look = 0; look < LOOKS && at < head && items.length < query.limit; look += 1) {
      const end = Math.min(head, at + POSITIONS);
      const room = query.limit - items.length;
      const events = await this.database.read(scopeOf(ctx, granted), (tx) =>
        this.log.read(tx, { after: at, upTo: end, types, branches: grantedBranches(granted), limit: room }),
      );
      items.push(...events.flatMap((event) => this.shown(ctx, granted, event, query)));
      at = events.length < room ? end : events.at(-1)!.position;
    }
    return { items, next: placeText(at), more: at < head };
  }

  private shown(ctx: CallContext, granted: Granted, event: LoggedEvent, query: FeedQuery): PartnerEvent[] {
    const kept = permitted(granted, event);
    if (kept === null || (event.origin === 'import' && !query.imported)) return [];
    return [reduced(event, partnerIdOf(ctx.actor.id), kept)];
  }
}

/** Facts of the group are seen by those alone who read everything; what of it is granted is decided after. */
function scopeOf(ctx: CallContext, granted: Granted): Scope {
  const group = granted.grants.some(({ groupFacts }) => groupFacts);
  const read = group ? '*' : grantedBranches(granted);
  return { read, write: [], refs: [], caller: ctx.scope.caller };
}
