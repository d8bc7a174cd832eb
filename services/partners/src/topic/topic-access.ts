import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '@steward/kernel';
import { KAFKA, type Kafka } from '@steward/messaging';
import { PLATFORM_CONFIG } from '@steward/platform';
import type { PartnersConfig } from '../config.js';
import type { TopicCredentialsDto } from './topic.dto.js';
import { brokerFailed, brokerOpen, notOffered } from './topic.errors.js';
import { readerOf } from './topic.rules.js';

const DAY_MS = 86_400_000;
const PASSWORD_BYTES = 24;

/** What a partner needs to connect. */
export type Credentials = Omit<TopicCredentialsDto, 'grantId' | 'version'>;

/**
 * Topics, logins and rights of partners on the brokers (PTR-01). All of it may be done again. Each throws
 * `partner-topic.broker-failed` (503).
 */
@Injectable()
export class TopicAccess {
  constructor(
    @Inject(KAFKA) private readonly kafka: Kafka,
    @Inject(PLATFORM_CONFIG) private readonly config: PartnersConfig,
  ) {}

  /**
   * Makes the topic; gives its name on the brokers. Throws `partner-topic.not-offered` and, where anybody could read
   * anything, `partner-topic.broker-open`.
   */
  async make(partnerId: string): Promise<string> {
    if (this.config.topics.brokers.length === 0) throw notOffered();
    const { topic: name } = readerOf(partnerId);
    const retentionMs = this.config.delivery.keepDays * DAY_MS;
    await done(async () => {
      if (!(await this.kafka.readers.areControlled())) throw brokerOpen();
      await this.kafka.topics.ensure([{ name, kind: 'events', retentionMs }]);
    });
    return this.onBrokers(name);
  }

  /** Lets the partner in with a new password, to its own topic and groups only. */
  async admit(partnerId: string): Promise<Credentials> {
    const reader = readerOf(partnerId);
    const password = randomBytes(PASSWORD_BYTES).toString('base64url');
    await done(async () => {
      await this.kafka.readers.allow(reader);
      await this.kafka.readers.setPassword(reader.user, password);
    });
    const { brokers, protocol } = this.config.topics;
    return {
      brokers: [...brokers],
      protocol,
      mechanism: 'SCRAM-SHA-512',
      username: this.onBrokers(reader.user),
      password,
      topic: this.onBrokers(reader.topic),
      groupPrefix: this.onBrokers(reader.groups),
    };
  }

  /** Lets the partner in no more. */
  expel(partnerId: string): Promise<void> {
    return done(() => this.kafka.readers.expel(readerOf(partnerId).user));
  }

  private onBrokers(name: string): string {
    return (this.config.kafka.topicPrefix ?? '') + name;
  }
}

async function done(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw error instanceof DomainError ? error : brokerFailed(error);
  }
}
