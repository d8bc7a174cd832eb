import { defineEvent, definePersonal } from '@steward/contracts';
import { newId } from '@steward/kernel';
import type { NewEvent } from '../src/index.js';
import { z } from 'zod';

/** A context that only the specs of messaging know. */
export const TOPIC = 'meters.v1';
export const OTHER_TOPIC = 'yards.v1';

const common = { version: 1, title: 'A test fact', description: 'A fact that only specs know.' } as const;

export const MeterRead = defineEvent({
  ...common,
  context: 'meters',
  name: 'meter-read',
  aggregate: 'meter',
  scope: 'any',
  schema: z.object({ value: z.number(), yardId: z.string().optional(), text: z.string().optional() }),
  sample: { value: 1 },
});

export const MeterSealed = defineEvent({
  ...common,
  context: 'meters',
  name: 'meter-sealed',
  aggregate: 'meter',
  scope: 'any',
  schema: z.object({ seal: z.string() }),
  sample: { seal: 'A1' },
});

/** A fact of the same topic that no consumer of the specs handles. */
export const MeterPainted = defineEvent({
  ...common,
  context: 'meters',
  name: 'meter-painted',
  aggregate: 'meter',
  scope: 'any',
  schema: z.object({ colour: z.string() }),
  sample: { colour: 'red' },
});

export const YardOpened = defineEvent({
  ...common,
  context: 'yards',
  name: 'yard-opened',
  aggregate: 'yard',
  scope: 'any',
  schema: z.object({ name: z.string() }),
  sample: { name: 'North' },
});

export const Readers = definePersonal({
  ...common,
  context: 'meters',
  name: 'readers',
  key: 'readerId',
  schema: z.object({ readerId: z.string(), name: z.string() }),
  sample: { readerId: 'r', name: 'Li' },
});

export const BRANCH = newId();
export const BRANCH_2 = newId();

/** The n-th reading of a meter. */
export const reading = (
  meterId: string,
  sequence: number,
  value: number = sequence,
  branchId: string | null = BRANCH,
): NewEvent<typeof MeterRead.sample> => ({
  definition: MeterRead,
  aggregateId: meterId,
  branchId,
  sequence,
  data: { value },
  occurredAt: new Date('2026-03-01T08:00:00Z'),
});
