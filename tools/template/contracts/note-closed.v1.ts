import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant } from '../fields.js';

export const NewcomerNoteClosed = defineEvent({
  context: 'newcomer',
  name: 'note-closed',
  version: 1,
  aggregate: 'note',
  scope: 'branch',
  title: 'Note closed',
  description: 'A note is done with, by a person or because the ticket that it is about was completed.',
  schema: z.object({
    noteId: id(),
    closedAt: instant(),
  }),
  sample: {
    noteId: '0197a2c4-5d00-7000-8000-000000000021',
    closedAt: '2026-03-04T08:30:00.000Z',
  },
});
export type NewcomerNoteClosed = DataOf<typeof NewcomerNoteClosed>;
