import { migrateService, type MigrationClass, type PlatformConfig } from '@steward/platform';
import { createKafka } from './kafka/kafka.js';
import { kafkaReason } from './kafka/refusal.js';
import { topicSpecs, type MessagingOptions } from './nest/messaging-options.js';

/**
 * What a service needs before it can run, done once and apart from it: brings its database up to date, then makes its
 * topics (or makes sure that they exist, where an operator makes them). Repeating it changes nothing.
 * @throws Error with one sentence that says what refused
 */
export async function prepareService(
  config: PlatformConfig,
  options: Pick<MessagingOptions, 'service' | 'topics'> & Readonly<{ migrations: readonly MigrationClass[] }>,
): Promise<void> {
  await migrateService(config, options.migrations);
  const kafka = createKafka({ ...config.kafka, clientId: `${options.service}-migrate` });
  try {
    await kafka.topics.ensure(topicSpecs(options.topics));
  } catch (cause) {
    throw new Error(kafkaReason(cause), { cause });
  } finally {
    await kafka.close();
  }
}
