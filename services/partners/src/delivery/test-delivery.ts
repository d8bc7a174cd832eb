import { Injectable } from '@nestjs/common';
import type { EventDefinition } from '@steward/contracts';
import { newId } from '@steward/kernel';
import type { CallContext, Tx } from '@steward/platform';
import { GrantBook } from '../grant/grant-book.js';
import { reduced, type LoggedEvent } from '../log/partner-event.js';
import type { LiveSecret } from '../subscription/secret-book.js';
import type { AttemptDto } from '../subscription/subscription.dto.js';
import type { Subscription } from '../subscription/subscription.js';
import { AttemptRepository } from './attempt.repository.js';
import { verdictOf } from './delivery.rules.js';
import { webhookOf } from './webhook-message.js';
import { WebhookSender } from './webhook-sender.js';

/** The caller waits for it, and the gateway gives a request 10 s. */
const PATIENCE_MS = 5000;

/** Sends the catalogue's sample of an event, reduced like a real one. */
@Injectable()
export class TestDelivery {
  constructor(
    private readonly sender: WebhookSender,
    private readonly grants: GrantBook,
    private readonly attempts: AttemptRepository,
  ) {}

  async send(
    ctx: CallContext,
    subscription: Subscription,
    definition: EventDefinition,
    secrets: readonly LiveSecret[],
  ): Promise<AttemptDto> {
    const { type } = definition;
    const { grants } = await this.grants.of(subscription.client);
    const covering = grants.filter(({ eventTypes }) => eventTypes.includes(type));
    const kept = new Set(covering.flatMap(({ personalFields }) => personalFields));
    const event = reduced(sampleEvent(ctx, definition), subscription.partnerId, kept);
    const keys = secrets.map(({ key }) => key);
    const answer = await this.sender.send(webhookOf(event, subscription.address, keys, ctx.now), PATIENCE_MS);
    const { tookMs, status, error, answer: shown } = answer;
    const ok = verdictOf(answer) === 'taken';
    const at = ctx.now.toISOString();
    const id = newId(ctx.now.getTime());
    return { id, eventId: event.id, type, kind: 'test', at, tookMs, ok, status, error, answer: shown };
  }

  async store(tx: Tx, { id, partnerId }: Subscription, attempt: AttemptDto): Promise<void> {
    await this.attempts.insert(tx, [{ ...attempt, at: new Date(attempt.at), partnerId, subscriptionId: id }]);
  }
}

/** The catalogue's sample as an event of the log that nobody has. */
const sampleEvent = (ctx: CallContext, { type, sample }: EventDefinition): LoggedEvent => ({
  position: 0,
  eventId: newId(ctx.now.getTime()),
  branchId: null,
  type,
  aggregateId: newId(ctx.now.getTime()),
  sequence: 1,
  occurredAt: ctx.now,
  recordedAt: ctx.now,
  origin: 'test',
  late: false,
  actor: ctx.actor.id,
  correlationId: ctx.correlationId,
  traceparent: null,
  data: sample,
});
