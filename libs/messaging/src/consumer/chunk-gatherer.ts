import type { KafkaMessage } from '../kafka/group-consumer.js';

/** Messages that one transaction takes. */
export const CHUNK_MESSAGES = 500;
/** So many waiting messages are a backlog, for which a second transaction is worth its connection. */
const BACKLOG_MESSAGES = CHUNK_MESSAGES / 2;

/** Where a chunk comes from. */
export type Place = Readonly<{ topic: string; partition: number }>;

/** Messages of one partition, in order, that are applied together. */
export type Chunk = Readonly<{ place: Place; messages: readonly KafkaMessage[] }>;

/** How far a chunk came: messages that are done with, how many of them are parked, and what stopped it. */
export type Outcome = Readonly<{ done: number; parked: number; failure?: unknown }>;

type Waiting = Chunk & Readonly<{ tell: (outcome: Outcome) => void }>;

type GathererParts = Readonly<{
  /** Applies chunks together and gives an outcome for each; never throws. */
  apply: (chunks: readonly Chunk[]) => Promise<readonly Outcome[]>;
  /** Only chunks of one kind may go together. */
  kindOf: (place: Place) => string;
  /** Groups that are applied at the same time while there is a backlog. */
  atOnce: number;
}>;

/**
 * Lets chunks of several partitions share a transaction: what comes while one is under way goes into the next. A few
 * events in each of many partitions then cost one commit together, and wait for one, not for one another's.
 */
export class ChunkGatherer {
  private waiting: Waiting[] = [];
  private running = 0;
  private planned = false;

  constructor(private readonly parts: GathererParts) {}

  /** Applies a chunk with what else is waiting. */
  add(chunk: Chunk): Promise<Outcome> {
    return new Promise((tell) => {
      this.waiting.push({ ...chunk, tell });
      this.plan();
    });
  }

  /** Begins in the next turn of the loop: what was fetched together is here by then. */
  private plan(): void {
    if (this.planned) return;
    this.planned = true;
    setImmediate(() => {
      this.planned = false;
      this.begin();
    });
  }

  private begin(): void {
    while (this.waiting.length > 0 && this.hasRoom()) void this.run(this.take());
  }

  private hasRoom(): boolean {
    if (this.running === 0) return true;
    return this.running < this.parts.atOnce && messagesOf(this.waiting) >= BACKLOG_MESSAGES;
  }

  /** The first that waits, with others of its kind as far as there is room for their messages. */
  private take(): readonly Waiting[] {
    const { kindOf } = this.parts;
    const kind = kindOf(this.waiting[0]!.place);
    const group: Waiting[] = [];
    let messages = 0;
    this.waiting = this.waiting.filter((chunk) => {
      const joins =
        kindOf(chunk.place) === kind &&
        (group.length === 0 || messages + chunk.messages.length <= CHUNK_MESSAGES);
      if (!joins) return true;
      group.push(chunk);
      messages += chunk.messages.length;
      return false;
    });
    return group;
  }

  private async run(group: readonly Waiting[]): Promise<void> {
    this.running += 1;
    const outcomes = await this.parts.apply(group);
    this.running -= 1;
    for (const [index, { tell }] of group.entries()) tell(outcomes[index]!);
    this.plan();
  }
}

const messagesOf = (chunks: readonly Chunk[]): number =>
  chunks.reduce((sum, { messages }) => sum + messages.length, 0);
