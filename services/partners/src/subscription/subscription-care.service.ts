import { Injectable } from '@nestjs/common';
import { findEvent } from '@steward/contracts';
import { Commands, Database, type CallContext, type Page, type Tx } from '@steward/platform';
import { ParkedRepository } from '../delivery/parked.repository.js';
import { TestDelivery } from '../delivery/test-delivery.js';
import { LogPlaces } from '../log/log-places.js';
import { asPartner, partnerReads } from '../partner-scope.js';
import { secretText } from './signature.rules.js';
import { SecretBook } from './secret-book.js';
import type {
  AttemptDto,
  AttemptsQuery,
  ParkedDto,
  ParkedQuery,
  ReplayBody,
  RotateBody,
  SecretsDto,
  SubscriptionDto,
  TestBody,
} from './subscription.dto.js';
import { eventUnknown, notParked, parkedBehind, subscriptionNotFound } from './subscription.errors.js';
import { SubscriptionRecords } from './subscription-records.js';
import { mustBeWebhook, mustLive } from './subscription.rules.js';
import { toDto } from './subscription.service.js';

const HOUR_MS = 3_600_000;

/** What deliveries leave behind. */
@Injectable()
export class DeliveryParts {
  constructor(
    readonly parked: ParkedRepository,
    readonly places: LogPlaces,
    readonly tests: TestDelivery,
  ) {}
}

/** What a partner does about deliveries by itself: secrets, replay, test, attempts, parked events (PTR-03). */
@Injectable()
export class SubscriptionCare {
  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly records: SubscriptionRecords,
    private readonly secretBook: SecretBook,
    private readonly logged: DeliveryParts,
  ) {}

  /** The secrets in clear; reading them stands in the trail. */
  async secrets(ctx: CallContext, id: string): Promise<SecretsDto> {
    return this.database.transaction(asPartner(ctx).scope, async (tx) => {
      await this.mustSee(tx, id);
      await this.records.record(tx, ctx, id, { action: 'read-secrets' });
      const live = (await this.secretBook.live(tx, [id], ctx.now)).get(id) ?? [];
      return {
        items: live.map(({ key, madeAt, expiresAt }) => ({
          secret: secretText(key),
          madeAt: madeAt.toISOString(),
          expiresAt: expiresAt?.toISOString() ?? null,
        })),
      };
    });
  }

  async rotate(ctx: CallContext, id: string, { overlapHours }: RotateBody): Promise<SubscriptionDto> {
    return this.commands.execute(asPartner(ctx), async (tx) => {
      const before = await this.records.locked(tx, ctx, id, { match: true });
      mustLive(before.state);
      mustBeWebhook(before.delivery);
      const overlapEnds = new Date(ctx.now.getTime() + overlapHours * HOUR_MS);
      await this.secretBook.rotate(tx, before.partnerId, id, { now: ctx.now, overlapEnds });
      const changes = [{ field: 'oldSecretsUntil', from: null, to: overlapEnds.toISOString() }];
      return toDto(
        ctx,
        await this.records.save(tx, ctx, before, before, { action: 'rotate-secret', changes }),
      );
    });
  }

  async replay(ctx: CallContext, id: string, body: ReplayBody): Promise<SubscriptionDto> {
    const position = await this.positionOf(ctx, body);
    return this.commands.execute(asPartner(ctx), async (tx) => {
      const before = await this.records.locked(tx, ctx, id, { match: true });
      mustLive(before.state);
      await this.records.repository.rewind(tx, id, position);
      const changes = [{ field: 'cursor', from: before.position, to: position }];
      return toDto(ctx, await this.records.save(tx, ctx, before, before, { action: 'replay', changes }));
    });
  }

  /** Sends a sample at once and tells what came of it, also while the endpoint is suspended. */
  async test(ctx: CallContext, id: string, { eventType }: TestBody): Promise<AttemptDto> {
    const { subscription, secrets } = await this.database.read(asPartner(ctx).scope, async (tx) => {
      const found = await this.mustSee(tx, id);
      return { subscription: found, secrets: (await this.secretBook.live(tx, [id], ctx.now)).get(id) ?? [] };
    });
    mustLive(subscription.state);
    mustBeWebhook(subscription.delivery);
    const type = eventType ?? subscription.eventTypes[0]!;
    const definition = subscription.eventTypes.includes(type) ? findEvent(type) : undefined;
    if (!definition) throw eventUnknown();
    const attempt = await this.logged.tests.send(ctx, subscription, definition, secrets);
    await this.database.transaction(asPartner(ctx).scope, async (tx) => {
      await this.logged.tests.store(tx, subscription, attempt);
      await this.records.record(tx, ctx, id, { action: 'test' });
      if (attempt.ok) await this.records.repository.tryNow(tx, subscription.endpointId);
    });
    return attempt;
  }

  async attempts(ctx: CallContext, id: string, query: AttemptsQuery): Promise<Page<AttemptDto>> {
    return this.database.read(partnerReads(ctx), async (tx) => {
      await this.mustSee(tx, id);
      return this.logged.parked.attempts(tx, id, query);
    });
  }

  async parked(ctx: CallContext, id: string, query: ParkedQuery): Promise<Page<ParkedDto>> {
    return this.database.read(partnerReads(ctx), async (tx) => {
      await this.mustSee(tx, id);
      return this.logged.parked.list(tx, id, query);
    });
  }

  /** Sends a refused event once more, and what waits behind it when it is taken. */
  resend(ctx: CallContext, id: string, eventId: string): Promise<SubscriptionDto> {
    return this.withRefused(ctx, id, eventId, { action: 'resend' }, (tx, rowId) =>
      this.logged.parked.makeDue(tx, rowId),
    );
  }

  /** Goes on without a refused event, with what waits behind it. */
  skip(ctx: CallContext, id: string, eventId: string, reason: string): Promise<SubscriptionDto> {
    return this.withRefused(ctx, id, eventId, { action: 'skip', reason }, async (tx, rowId) => {
      await this.logged.parked.remove(tx, rowId);
      await this.logged.parked.promote(tx, id);
    });
  }

  private withRefused(
    ctx: CallContext,
    id: string,
    eventId: string,
    deed: Readonly<{ action: string; reason?: string }>,
    work: (tx: Tx, rowId: string) => Promise<void>,
  ): Promise<SubscriptionDto> {
    return this.commands.execute(asPartner(ctx), async (tx) => {
      const before = await this.records.locked(tx, ctx, id);
      mustLive(before.state);
      await this.logged.parked.lockCursor(tx, id);
      const parked = await this.logged.parked.ofEvent(tx, id, eventId);
      if (!parked) throw notParked();
      if (parked.state === 'behind') throw parkedBehind();
      await work(tx, parked.id);
      const changes = [{ field: 'parkedEvent', from: eventId, to: null }];
      return toDto(ctx, await this.records.save(tx, ctx, before, before, { ...deed, changes }));
    });
  }

  private async mustSee(tx: Tx, id: string) {
    const found = await this.records.repository.byId(tx, id);
    if (!found) throw subscriptionNotFound();
    return found;
  }

  private async positionOf(ctx: CallContext, { from, afterEventId }: ReplayBody): Promise<number> {
    const { places } = this.logged;
    if (from !== undefined) return places.before(new Date(from));
    const position = await places.ofEvent(ctx.actor.id, afterEventId!);
    if (position === undefined) throw eventUnknown();
    return position;
  }
}
