import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { KAFKA, type Kafka, type OutgoingMessage } from '@steward/messaging';
import type { PartnerEvent } from '../log/partner-event.js';
import { readerOf } from '../topic/topic.rules.js';
import type { Answer } from './delivery.rules.js';
import { TopicWriter } from './topic-writer.js';

/** Writes events to the topics of partners. Each topic has a connection of its own, so that none fails with another. */
@Injectable()
export class TopicSender implements OnApplicationShutdown {
  private readonly writers = new Map<string, TopicWriter>();

  constructor(@Inject(KAFKA) private readonly kafka: Kafka) {}

  /** Writes and gives what came of it, as of a webhook: 200 once the brokers have it; never throws. */
  async send(partnerId: string, event: PartnerEvent, trace?: string): Promise<Answer> {
    const began = performance.now();
    const done = (status: number | null, error: string | null): Answer => {
      return {
        status,
        error,
        retryAfterMs: null,
        answer: null,
        tookMs: Math.round(performance.now() - began),
      };
    };
    try {
      await this.writerOf(partnerId).write(messageOf(readerOf(partnerId).topic, event, trace));
      return done(200, null);
    } catch (error) {
      return done(null, errorName(error));
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.writers.values()].map((writer) => writer.close()));
  }

  private writerOf(partnerId: string): TopicWriter {
    const known = this.writers.get(partnerId);
    if (known) return known;
    const writer = new TopicWriter(this.kafka.publisher());
    this.writers.set(partnerId, writer);
    return writer;
  }
}

/** The body of the webhook; the attributes of CloudEvents beside it, as on the topics of the platform. */
const messageOf = (topic: string, event: PartnerEvent, trace?: string): OutgoingMessage => ({
  topic,
  key: event.aggregateId,
  value: JSON.stringify(event),
  headers: {
    'content-type': 'application/json',
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_type: event.type,
    ce_source: event.type.split('.')[0]!,
    ce_subject: event.aggregateId,
    ce_time: event.timestamp,
    ...(trace === undefined ? {} : { traceparent: trace }),
  },
});

/** The code of a refusal by the platform, the brokers or the connection. */
function errorName(error: unknown): string {
  const { code, type, name } = error as { code?: unknown; type?: unknown; name?: unknown };
  const told = [code, type, name].find((one) => typeof one === 'string') ?? 'failed';
  return told.toLowerCase().replaceAll('_', '-').slice(0, 80);
}
