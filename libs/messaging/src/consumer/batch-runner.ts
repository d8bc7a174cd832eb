import { backOff } from '../back-off.js';
import type { Batch, KafkaMessage } from '../kafka/group-consumer.js';
import { reasonOf, type Log } from '../log.js';
import { CHUNK_MESSAGES } from './chunk-gatherer.js';
import type { ChunkProcessor } from './chunk-processor.js';
import type { ConsumerMetrics } from './consumer-metrics.js';
import type { PartitionBook, PartitionState } from './partition-book.js';

const HEARTBEAT_MS = 1500;

export type BatchRunnerParts = Readonly<{
  consumer: string;
  processor: ChunkProcessor;
  book: PartitionBook;
  metrics: ConsumerMetrics;
  log: Log;
  /** Commits what is applied, at once. */
  commit: () => Promise<void>;
  /** Called after events were parked. */
  onParked: () => Promise<void>;
}>;

/**
 * Applies a batch chunk by chunk. Whatever keeps it from going on (a transient failure, a halt, a limit) pauses the
 * partition, so that its fellows go on and the membership is kept; what was not applied comes again.
 */
export class BatchRunner {
  /** Batches being worked on. */
  active = 0;
  stopping = false;
  /** Too much is parked: no partition goes on. */
  halted = false;

  constructor(private readonly parts: BatchRunnerParts) {}

  async run(batch: Batch): Promise<void> {
    this.active += 1;
    try {
      await this.chunks(batch, this.parts.book.at(batch.topic, batch.partition));
    } finally {
      this.active -= 1;
    }
  }

  private async chunks(batch: Batch, state: PartitionState): Promise<void> {
    let at = 0;
    while (at < batch.messages.length && batch.goesOn() && !this.stopping) {
      const chunk = allowed(batch.messages.slice(at, at + CHUNK_MESSAGES), state);
      if (this.halted || chunk.length === 0) return hold(batch, state);
      const done = await this.apply(batch, state, chunk);
      if (done === undefined) return;
      at += done;
      await this.heartbeat(batch);
    }
  }

  /** One chunk. Gives how many messages are done with, or undefined when the partition has to wait. */
  private async apply(
    batch: Batch,
    state: PartitionState,
    chunk: readonly KafkaMessage[],
  ): Promise<number | undefined> {
    const { processor, metrics, onParked } = this.parts;
    const { done, parked, failure } = await withHeartbeats(batch, () => processor.process(batch, chunk));
    if (done > 0) {
      const last = chunk[done - 1]!.offset;
      batch.resolve(last);
      state.next = Number(last) + 1;
      state.movedAt = Date.now();
      metrics.handled(done);
    }
    if (parked > 0) {
      metrics.parked(parked);
      await onParked();
    }
    if (failure === undefined) {
      state.failures = 0;
      state.lastError = '';
      return done;
    }
    this.retryLater(batch, state, failure);
    return undefined;
  }

  private retryLater(batch: Batch, state: PartitionState, failure: unknown): void {
    const { metrics, log, consumer } = this.parts;
    state.failures += 1;
    state.lastError = reasonOf(failure);
    metrics.retried();
    const { topic, partition, failures } = state;
    log.warn(
      { consumer, topic, partition, failures, reason: state.lastError },
      'events are tried again in a moment',
    );
    hold(batch, state);
    const resume = state.resume;
    setTimeout(() => resume?.(), backOff(failures, 100, 15_000));
  }

  /** Throws when the group is being rebalanced; what was applied is committed before the partitions move. */
  private async heartbeat(batch: Batch): Promise<void> {
    try {
      await batch.heartbeat();
    } catch (error) {
      await this.parts.commit();
      throw error;
    }
  }
}

function hold(batch: Batch, state: PartitionState): void {
  state.resume = batch.pause();
}

const allowed = (chunk: KafkaMessage[], { limit }: PartitionState): KafkaMessage[] =>
  limit === undefined ? chunk : chunk.filter(({ offset }) => Number(offset) < limit);

/** Handlers may take longer than a session lasts, so the membership is kept meanwhile. */
async function withHeartbeats<T>(batch: Batch, work: () => Promise<T>): Promise<T> {
  const beat = setInterval(() => void batch.heartbeat().catch(() => undefined), HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}
