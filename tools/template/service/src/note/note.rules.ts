import { conflict, type Role } from '@steward/kernel';

export const NOTE_STATES = ['open', 'closed'] as const;
export type NoteState = (typeof NOTE_STATES)[number];

export const ACTIONS = ['close'] as const;
export type NoteAction = (typeof ACTIONS)[number];

/** What the rules read of a note; the stored row has it all. */
export type NoteFacts = Readonly<{ state: NoteState; closedAt: Date | null; version: number }>;

/** Who writes notes in its branch and closes them. */
export const WRITE_ROLES: readonly [Role, ...Role[]] = [
  'front-desk',
  'cs-agent',
  'cs-supervisor',
  'cs-manager',
  'branch-manager',
  'hq-admin',
];

export const READ_ROLES: readonly [Role, ...Role[]] = [...WRITE_ROLES, 'auditor', 'hq-auditor'];

/** The note as it is once closed. Throws `note.already-closed`. */
export function closed<Note extends NoteFacts>(note: Note, at: Date): Note {
  if (note.state === 'closed') throw conflict('note.already-closed', 'The note is closed already.');
  return { ...note, state: 'closed', closedAt: at, version: note.version + 1 };
}

/** The actions that someone with these roles may take on the note now. */
export function allowedActions(note: NoteFacts, roles: readonly Role[]): NoteAction[] {
  const may = note.state === 'open' && WRITE_ROLES.some((role) => roles.includes(role));
  return may ? ['close'] : [];
}
