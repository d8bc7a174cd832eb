import { parentPort, workerData } from 'node:worker_threads';
import { printStatement } from './statement-pdf.js';
import type { StatementSheet } from './statement-sheet.js';

parentPort!.postMessage(await printStatement(workerData as StatementSheet));
