import { parentPort, workerData } from 'node:worker_threads';
import { failureText, ImportFailure } from '../import-failure.js';
import { readFile } from './read-file.js';
import { ROWS_AHEAD, type FromReader, type ToReader } from './read-port.js';
import type { ReadPlan } from './read-plan.js';

const port = parentPort!;
const tell = (message: FromReader): void => port.postMessage(message);

const reads = new Map<number, (bytes: Uint8Array) => void>();
let lastRead = 0;
let ahead = 0;
let goOn = (): void => undefined;

port.on('message', (message: ToReader) => {
  if (message.type === 'taken') {
    ahead--;
    return goOn();
  }
  reads.get(message.id)?.(message.bytes);
  reads.delete(message.id);
});

const read = (offset: number, length: number): Promise<Uint8Array> =>
  new Promise((resolve) => {
    const id = ++lastRead;
    reads.set(id, resolve);
    tell({ type: 'read', id, offset, length });
  });

/** Waits until the other side has taken what it got: the file never runs ahead of the database. */
async function untilTaken(): Promise<void> {
  while (ahead >= ROWS_AHEAD) await new Promise<void>((resolve) => (goOn = resolve));
}

async function run(plan: ReadPlan): Promise<void> {
  try {
    for await (const event of readFile({ size: plan.size, read }, plan)) {
      if (event.type === 'rows') {
        await untilTaken();
        ahead++;
      }
      tell(event);
    }
    tell({ type: 'end' });
  } catch (error) {
    if (error instanceof ImportFailure) tell({ type: 'failed', failure: failureText(error) });
    else
      tell({
        type: 'crashed',
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
  }
  port.close();
}

void run(workerData as ReadPlan);
