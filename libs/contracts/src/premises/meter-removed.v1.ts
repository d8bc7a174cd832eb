import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { day, id, quantity } from '../fields.js';

export const MeterRemoved = defineEvent({
  context: 'premises',
  name: 'meter-removed',
  version: 1,
  aggregate: 'meter',
  scope: 'branch',
  title: 'Meter removed',
  description: 'The meter no longer measures; its last reading closes it.',
  schema: z.object({
    meterId: id(),
    removedOn: day(),
    closingReading: quantity(),
  }),
  sample: {
    meterId: '0197a2c4-5d00-7000-8000-00000000000f',
    removedOn: '2026-08-31',
    closingReading: '348.2',
  },
});
export type MeterRemoved = DataOf<typeof MeterRemoved>;
