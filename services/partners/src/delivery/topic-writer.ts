import { setImmediate as breath } from 'node:timers/promises';
import type { OutgoingMessage, Publisher } from '@steward/messaging';

type Waiting = Readonly<{
  message: OutgoingMessage;
  resolve: () => void;
  reject: (error: unknown) => void;
}>;

/** Writes to one partner's topic: what comes while a batch is under way goes with the next. */
export class TopicWriter {
  private waiting: Waiting[] = [];
  private writing = false;

  constructor(private readonly publisher: Publisher) {}

  /** Resolves once the brokers have the message for good; throws when that is not known. */
  write(message: OutgoingMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ message, resolve, reject });
      if (!this.writing) void this.drain();
    });
  }

  close(): Promise<void> {
    return this.publisher.close();
  }

  private async drain(): Promise<void> {
    this.writing = true;
    while (this.waiting.length > 0) {
      await breath();
      const batch = this.waiting.splice(0);
      try {
        await this.publisher.publish(batch.map(({ message }) => message));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.writing = false;
  }
}
