import { listQuery, pageSchema } from '@steward/platform';
import { z } from 'zod';
import { ACTIONS, NOTE_STATES } from './note.rules.js';

const instant = () => z.iso.datetime();

export const writeNoteBody = z
  .strictObject({
    branchId: z.uuid(),
    ticketId: z.uuid().nullable().default(null).describe('The ticket that it is about, if any.'),
    text: z.string().trim().min(1).max(2000),
  })
  .meta({
    id: 'WriteNewcomerNote',
    examples: [{ branchId: '0197a2c4-5d00-7000-8000-000000000002', text: '备用钥匙在前台。' }],
  });
export type WriteNoteBody = z.output<typeof writeNoteBody>;

export const closeNoteBody = z.strictObject({}).meta({ id: 'CloseNewcomerNote', examples: [{}] });

const EXAMPLE = {
  id: '0197a2c4-5d00-7000-8000-000000000021',
  branchId: '0197a2c4-5d00-7000-8000-000000000002',
  ticketId: null,
  text: '备用钥匙在前台。',
  state: 'open',
  writtenBy: 'eb1.clerk',
  writtenAt: '2026-03-02T01:00:00.000Z',
  closedAt: null,
  actions: ['close'],
  version: 1,
};

export const noteDto = z
  .object({
    id: z.uuid(),
    branchId: z.uuid(),
    ticketId: z.uuid().nullable(),
    text: z.string(),
    state: z.enum(NOTE_STATES),
    writtenBy: z.string(),
    writtenAt: instant(),
    closedAt: instant().nullable(),
    actions: z.array(z.enum(ACTIONS)).describe('What you may do with it now.'),
    version: z.int(),
  })
  .meta({ id: 'NewcomerNote', examples: [EXAMPLE] });
export type NoteDto = z.output<typeof noteDto>;

export const notesQuery = listQuery({
  filters: {
    branchId: z.uuid().optional(),
    ticketId: z.uuid().optional(),
    state: z.enum(NOTE_STATES).optional(),
  },
  sorts: ['writtenAt'],
  defaultSort: '-writtenAt',
});
export type NotesQuery = z.output<typeof notesQuery>;

export const notePage = pageSchema(noteDto).meta({
  id: 'NewcomerNotePage',
  examples: [{ items: [EXAMPLE], next: null }],
});
