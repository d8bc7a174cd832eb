import { Worker } from 'node:worker_threads';
import { unavailable } from '@steward/kernel';
import { printStatement } from './statement-pdf.js';
import type { StatementSheet } from './statement-sheet.js';

const MAX_HEAP_MIB = 256;
const MOST_AT_ONCE = 2;
const MOST_WAITING = 20;

const compiled = import.meta.url.endsWith('.js');
const ENTRY = new URL('./statement-pdf.worker.js', import.meta.url);

export type StatementPrinter = (sheet: StatementSheet) => Promise<Uint8Array>;

/**
 * Prints in threads of their own, a few at a time, so that fonts and pages never hold up the process. From TypeScript
 * sources (tests) there is no compiled thread to start, and printing happens in the caller's thread.
 * @throws DomainError `statement.printer-busy` (503) when too many wait.
 */
export function openStatementPrinter(print: StatementPrinter = compiled ? printInThread : printStatement) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (sheet: StatementSheet): Promise<Uint8Array> => {
    if (running >= MOST_AT_ONCE) {
      if (waiting.length >= MOST_WAITING)
        throw unavailable('statement.printer-busy', 'Too many statements are being printed. Try again.');
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await print(sheet);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}

function printInThread(sheet: StatementSheet): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(ENTRY, {
      workerData: sheet,
      name: 'statement-printer',
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB },
    });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the printing thread ended with code ${code}`)));
  });
}
