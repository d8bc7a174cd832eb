import { Worker } from 'node:worker_threads';
import { ImportFailure } from '../import-failure.js';
import type { ByteSource } from './byte-source.js';
import { readFile, type ReadEvent } from './read-file.js';
import type { ReadPlan } from './read-plan.js';
import type { FromReader, ToReader } from './read-port.js';

/** A thread that eats more is ended before it harms its process. */
const MAX_HEAP_MIB = 256;
const YOUNG_HEAP_MIB = 16;

const compiled = import.meta.url.endsWith('.js');
const ENTRY = new URL('./reader.worker.js', import.meta.url);

export type Reader = (source: ByteSource, plan: ReadPlan) => AsyncGenerator<ReadEvent>;

/**
 * Reads a file to mapped rows in a thread of its own, so that decoding, parsing and mapping never hold up the process.
 * From TypeScript sources (tests) there is no compiled thread to start, and reading happens in the caller's thread.
 */
export const openReader: Reader = compiled ? (source, plan) => readInThread(source, plan, ENTRY) : readFile;

/** As `openReader`, with the file that the thread runs. Throws `ImportFailure`, or an `Error` when the thread dies. */
export async function* readInThread(
  source: ByteSource,
  plan: ReadPlan,
  entry: URL,
): AsyncGenerator<ReadEvent> {
  const worker = new Worker(entry, {
    workerData: plan,
    name: 'import-reader',
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB, maxYoungGenerationSizeMb: YOUNG_HEAP_MIB },
  });
  const inbox = new Inbox(worker, source);
  try {
    for (let event = await inbox.next(); event; event = await inbox.next()) {
      yield event;
      if (event.type === 'rows') worker.postMessage({ type: 'taken' } satisfies ToReader);
    }
  } finally {
    await worker.terminate();
  }
}

/** What a thread told, in order; serves its wishes for bytes meanwhile. */
class Inbox {
  private readonly events: ReadEvent[] = [];
  private ending: { error?: Error } | undefined;
  private wake = (): void => undefined;

  constructor(
    private readonly worker: Worker,
    private readonly source: ByteSource,
  ) {
    worker.on('message', (message: FromReader) => this.take(message));
    worker.on('error', (error: Error) => this.end(error));
    worker.on('exit', (code) => this.end(new Error(`the reading thread ended with code ${code}`)));
  }

  async next(): Promise<ReadEvent | undefined> {
    while (this.events.length === 0 && !this.ending)
      await new Promise<void>((resolve) => (this.wake = resolve));
    const event = this.events.shift();
    if (!event && this.ending?.error) throw this.ending.error;
    return event;
  }

  private take(message: FromReader): void {
    if (message.type === 'read') return void this.serve(message);
    if (message.type === 'end') return this.end();
    if (message.type === 'failed') return this.end(new ImportFailure(message.failure));
    if (message.type === 'crashed') return this.end(new Error(message.message));
    this.events.push(message);
    this.wake();
  }

  private async serve({ id, offset, length }: Extract<FromReader, { type: 'read' }>): Promise<void> {
    try {
      this.answer({ type: 'bytes', id, bytes: await this.source.read(offset, length) });
    } catch (error) {
      this.end(error as Error);
    }
  }

  private answer(message: ToReader): void {
    this.worker.postMessage(message);
  }

  private end(error?: Error): void {
    this.ending ??= error ? { error } : {};
    this.wake();
  }
}
