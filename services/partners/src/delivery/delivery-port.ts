import { Injectable } from '@nestjs/common';
import { SpanKind } from '@opentelemetry/api';
import { activeTraceparent, inSpan, sampledParent } from '@steward/messaging';
import { Telemetry } from '@steward/platform';
import type { PartnerEvent } from '../log/partner-event.js';
import { verdictOf, type Answer } from './delivery.rules.js';
import type { Endpoint } from './endpoint.repository.js';
import type { Job } from './round.js';
import { TopicSender } from './topic-sender.js';
import { webhookOf } from './webhook-message.js';
import { WebhookSender } from './webhook-sender.js';

const SPANS = { webhook: 'webhook', topic: 'partner-topic' } as const;

/** Hands one event over to a partner, as a span of the trace that caused it. */
@Injectable()
export class DeliveryPort {
  private readonly took;
  private readonly delay;

  constructor(
    private readonly sender: WebhookSender,
    private readonly topics: TopicSender,
    private readonly telemetry: Telemetry,
  ) {
    this.took = telemetry.durations('steward.partners.delivery', 'How long partners take to answer');
    this.delay = telemetry.durations('steward.partners.delay', 'From the record of a fact to its delivery');
  }

  async deliver(
    endpoint: Endpoint,
    job: Job,
    event: PartnerEvent,
    keys: readonly Buffer[],
    at: Date,
  ): Promise<Answer> {
    const trace = job.event.traceparent ?? undefined;
    const parent = sampledParent(trace);
    const send = (): Promise<Answer> => {
      const cause = parent ? activeTraceparent() : trace;
      return endpoint.kind === 'topic'
        ? this.topics.send(endpoint.partnerId, event, cause)
        : this.sender.send(webhookOf(event, endpoint.address, keys, at, cause));
    };
    const attributes = { 'steward.event.type': event.type, 'steward.subscription.id': job.served.id };
    const options = { kind: SpanKind.CLIENT, parent: parent!, attributes };
    const answer = parent
      ? await inSpan(this.telemetry.tracer, SPANS[endpoint.kind], options, send)
      : await send();
    const verdict = verdictOf(answer);
    this.took.record(answer.tookMs / 1000, { verdict });
    if (verdict === 'taken') this.delay.record((Date.now() - job.event.recordedAt.getTime()) / 1000);
    return answer;
  }
}
