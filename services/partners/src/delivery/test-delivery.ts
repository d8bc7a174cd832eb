import { Injectable } from '@nestjs/common';
import type { EventDefinition } from '@steward/contracts';
import { newId } from '@steward/kernel';
import type { CallContext, Tx } from '@steward/platform';
import { GrantBook } from '../grant/grant-book.js';
import { reduced } from '../log/partner-event.js';
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
    { type, sample }: EventDefinition,
    secrets: readonly LiveSecret[],
  ): Promise<AttemptDto> {
    const { grants } = await this.grants.of(subscription.client);
    const kept = grants.filter(({ eventTypes }) => eventTypes.includes(type));
    const eventId = newId(ctx.now.getTime());
    const event = reduced(
      {
        position: 0,
        eventId,
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
      },
      subscription.partnerId,
      new Set(kept.flatMap(({ personalFields }) => personalFields)),
    );
    const keys = secrets.map(({ key }) => key);
    const answer = await this.sender.send(webhookOf(event, subscription.address, keys, ctx.now), PATIENCE_MS);
    const { tookMs, status, error } = answer;
    const ok = verdictOf(answer) === 'taken';
    const id = newId(ctx.now.getTime());
    return {
      id,
      eventId,
      type,
      kind: 'test',
      at: ctx.now.toISOString(),
      tookMs,
      ok,
      status,
      error,
      answer: answer.answer,
    };
  }

  async store(tx: Tx, { id, partnerId }: Subscription, attempt: AttemptDto): Promise<void> {
    await this.attempts.insert(tx, [{ ...attempt, at: new Date(attempt.at), partnerId, subscriptionId: id }]);
  }
}
