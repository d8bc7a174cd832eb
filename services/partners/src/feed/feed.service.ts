import { Injectable } from '@nestjs/common';
import { invalid } from '@steward/kernel';
import { Database, type CallContext, type Scope } from '@steward/platform';
import { GrantBook } from '../grant/grant-book.js';
import { LogPlaces } from '../log/log-places.js';
import { LogRepository } from '../log/log.repository.js';
import { partnerIdOf, reduced, type LoggedEvent, type PartnerEvent } from '../log/partner-event.js';
import { grantedBranches, grantedTypes, permitted, type Granted } from '../log/reduce.rules.js';
import type { FeedDto, FeedQuery } from './feed.dto.js';
import { PlaceBox } from './place-box.js';

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
    private readonly box: PlaceBox,
  ) {}

  async read(ctx: CallContext, query: FeedQuery): Promise<FeedDto> {
    const granted = await this.grants.of(ctx.actor.id);
    const start = await this.startOf(query);
    const head = await this.places.head();
    const types = grantedTypes(granted).filter((type) => (query.eventType ?? type) === type);
    const items: PartnerEvent[] = [];
    let last = start;
    let at = start;
    const ends = types.length === 0 ? start : head;
    for (let look = 0; look < LOOKS && at < ends && items.length < query.limit; look += 1) {
      const end = Math.min(head, at + POSITIONS);
      const room = query.limit - items.length;
      const window = { after: at, upTo: end, types, branches: grantedBranches(granted), limit: room };
      const events = await this.database.read(scopeOf(ctx, granted), (tx) => this.log.read(tx, window));
      at = events.length < room ? end : events.at(-1)!.position;
      for (const event of events) {
        const shown = this.shown(ctx, granted, event, query);
        items.push(...shown);
        if (shown.length > 0) last = event.position;
      }
    }
    const more = at < ends;
    // what others have moves the place only where so much of it was looked over that it would not fit a request
    return { items, next: this.box.close(more ? at : last), more };
  }

  private async startOf({ after, from }: FeedQuery): Promise<number> {
    if (after === undefined) return from === undefined ? 0 : this.places.before(new Date(from));
    const position = this.box.open(after);
    if (position !== undefined) return position;
    const problem = { path: 'after', code: 'bad-cursor', detail: 'is not a `next` that this feed gave' };
    throw invalid('list.bad-cursor', 'The place is not one that this feed gave.', [problem]);
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
