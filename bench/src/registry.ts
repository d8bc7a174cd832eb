import { billingRun } from './billing-run.bench.js';
import { consume } from './consume.bench.js';
import { createGateway } from './create-gateway.bench.js';
import { create } from './create.bench.js';
import { deliver } from './deliver.bench.js';
import { footprint } from './footprint.bench.js';
import type { Bench } from './frame/bench.js';
import { growth } from './growth.bench.js';
import { importBench } from './import.bench.js';
import { rebuild } from './rebuild.bench.js';

/** Every bench, in the order in which `npm run bench` runs them. */
export const BENCHES: readonly Bench[] = [
  create,
  createGateway,
  consume,
  deliver,
  importBench,
  billingRun,
  rebuild,
  growth,
  footprint,
];
