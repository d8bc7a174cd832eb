import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant } from '../fields.js';

export const NewcomerNoteWritten = defineEvent({
  context: 'newcomer',
  name: 'note-written',
  version: 1,
  aggregate: 'note',
  scope: 'branch',
  title: 'Note written',
  description:
    'Somebody of the branch wrote a note, about a ticket or about nothing. What it says stays in its service.',
  schema: z.object({
    noteId: id(),
    ticketId: id().nullable(),
    writtenAt: instant(),
  }),
  sample: {
    noteId: '0197a2c4-5d00-7000-8000-000000000021',
    ticketId: '0197a2c4-5d00-7000-8000-000000000008',
    writtenAt: '2026-03-02T01:00:00.000Z',
  },
});
export type NewcomerNoteWritten = DataOf<typeof NewcomerNoteWritten>;
