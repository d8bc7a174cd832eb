import type { Migration, MigrationRunner } from '../migration-type.js';

/**
 * A parked event is known by its place and its key: after the loss of a topic another event may come to lie at the offset
 * of one that was parked before, and must not be taken for it.
 */
export class ParkedPlace1710000000003 implements Migration {
  async up(runner: MigrationRunner): Promise<void> {
    await runner.query(`
      alter table parked_event drop constraint parked_event_consumer_topic_kafka_partition_kafka_offset_key;
      alter table parked_event add constraint parked_event_place
        unique nulls not distinct (consumer, topic, kafka_partition, kafka_offset, key, sequence);`);
  }

  async down(): Promise<void> {
    return Promise.reject(new Error('two parked events may share an offset'));
  }
}
