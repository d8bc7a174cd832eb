export { publishAuditHeads } from './audit-heads.js';
export { ConsumerHost, type ConsumerHostOptions } from './consumer/consumer-host.js';
export { ConsumerRuntime, groupIdOf, type RuntimeOptions } from './consumer/consumer-runtime.js';
export {
  consumerKey,
  generationOf,
  reactionContext,
  type ConsumerIdentity,
} from './consumer/consumer-scope.js';
export { handlerTable, type HandlerTable, type KnownDefinition } from './consumer/handler-table.js';
export {
  handledBy,
  Handles,
  type EventHandler,
  type Handled,
  type HandlerClass,
  type HandlerReasons,
  type PersonalHandler,
  type PersonalState,
} from './consumer/handles.decorator.js';
export { isTransient } from './consumer/error-class.js';
export { Rebuild } from './consumer/rebuild.js';
export { Waiting, type WaitingFact } from './consumer/waiting.js';
export {
  type Batch,
  type GroupConsumer,
  type GroupConsumerOptions,
  type KafkaMessage,
  type NextOffset,
} from './kafka/group-consumer.js';
export { createKafka, type Kafka, type KafkaOptions } from './kafka/kafka.js';
export { kafkaReason } from './kafka/refusal.js';
export { type Reader, type Readers } from './kafka/readers.js';
export { lagBetween, laterOf, reached, type Positions } from './kafka/positions.js';
export { type OutgoingMessage, type Placed, type Publisher } from './kafka/publisher.js';
export { type TopicSpec, type Topics } from './kafka/topics.js';
export { type Log } from './log.js';
export { messagingMigrations } from './migrations.js';
export { KAFKA, MessagingModule } from './nest/messaging.module.js';
export { type ConsumerSpec, type MessagingOptions } from './nest/messaging-options.js';
export { CLOSED_MONTHS, type ClosedMonths, type LateRule } from './outbox/closed-months.js';
export { Outbox } from './outbox/outbox.js';
export {
  EVENT_BYTES,
  insertOutboxRows,
  OUTBOX_COLUMNS,
  SHARD_COUNT,
  shardOf,
  type NewEvent,
  type OutboxRow,
} from './outbox/outbox-row.js';
export { OutboxRelay, type RelayOptions } from './outbox/outbox-relay.js';
export { makePartitions } from './outbox/partitions.js';
export { PersonalOutbox, type PersonalEntry } from './outbox/personal-outbox.js';
export { isRefilling, requestRefill } from './outbox/refill.js';
export { askRepublication } from './outbox/republication.js';
export { Wake } from './outbox/wake.js';
export { type Replay } from './parking/drain.js';
export { Parked, type ParkedEvent, type ParkedQuery } from './parking/parked.js';
export { prepareService } from './prepare-service.js';
export { activeTraceparent, inSpan, sampledParent } from './trace.js';
export { republish, type RepublishOptions } from './republish.js';
