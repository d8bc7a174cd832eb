import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant, quantity, slug } from '../fields.js';

export const ReadingRecorded = defineEvent({
  context: 'billing',
  name: 'reading-recorded',
  version: 1,
  aggregate: 'meter',
  scope: 'branch',
  title: 'Reading recorded',
  description: 'A reading of a meter was accepted; `suspect` names the checks that it did not pass (BIL-06).',
  schema: z.object({
    readingId: id(),
    meterId: id(),
    readAt: instant(),
    value: quantity(),
    source: slug(),
    kind: slug(),
    estimated: z.boolean(),
    suspect: z.array(slug()).max(10),
  }),
  sample: {
    readingId: '0197a2c4-5d00-7000-8000-00000000001a',
    meterId: '0197a2c4-5d00-7000-8000-00000000000f',
    readAt: '2026-03-02T01:00:00.000Z',
    value: '18.4',
    source: 'manual',
    kind: 'periodic',
    estimated: false,
    suspect: [],
  },
});
export type ReadingRecorded = DataOf<typeof ReadingRecorded>;
