import { Injectable } from '@nestjs/common';
import { NewcomerNoteClosed, NewcomerNoteWritten } from '@steward/contracts';
import { Directory } from '@steward/directory';
import { newId } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import {
  Audit,
  Commands,
  Database,
  inScope,
  requireMatch,
  rolesAt,
  type CallContext,
  type Page,
  type Tx,
} from '@steward/platform';
import type { NoteDto, NotesQuery, WriteNoteBody } from './note.dto.js';
import type { Note } from './note.entity.js';
import { branchUnknown, noteNotFound } from './note.errors.js';
import { NoteRepository } from './note.repository.js';
import { allowedActions, closed } from './note.rules.js';

/** Use cases of notes: load, decide, save, record, tell. */
@Injectable()
export class NoteService {
  constructor(
    private readonly database: Database,
    private readonly repository: NoteRepository,
    private readonly commands: Commands,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly directory: Directory,
  ) {}

  async write(ctx: CallContext, body: WriteNoteBody): Promise<NoteDto> {
    const branch = await this.directory.branch(body.branchId);
    if (!branch?.active || !inScope(ctx.scope.write, body)) throw branchUnknown();
    return this.commands.execute(ctx, async (tx) => {
      const note: Note = {
        ...body,
        id: newId(ctx.now.getTime()),
        state: 'open',
        writtenBy: ctx.actor.id,
        writtenAt: ctx.now,
        closedAt: null,
        version: 1,
      };
      await this.repository.insert(tx, note);
      await this.audit.record(tx, ctx, {
        ...entryOf(note, 'write'),
        changes: [{ field: 'text', from: null, to: note.text, personOf: note.id }],
      });
      await this.outbox.append(tx, ctx, {
        ...factOf(note),
        definition: NewcomerNoteWritten,
        occurredAt: note.writtenAt,
        data: { noteId: note.id, ticketId: note.ticketId, writtenAt: note.writtenAt.toISOString() },
      });
      return toDto(ctx, note);
    });
  }

  async close(ctx: CallContext, id: string): Promise<NoteDto> {
    return this.commands.execute(ctx, async (tx) => {
      const note = await this.repository.lock(tx, id);
      if (!note) throw noteNotFound();
      requireMatch(ctx, note.version);
      return toDto(ctx, await this.closeOne(tx, ctx, note, ctx.now));
    });
  }

  /** Closes what is open about a ticket, in the transaction of the event that says so. */
  async closeAbout(
    tx: Tx,
    ctx: CallContext,
    about: { branchId: string; ticketId: string },
    at: Date,
  ): Promise<void> {
    const open = await this.repository.lockOpenAbout(tx, about.branchId, about.ticketId);
    for (const note of open) await this.closeOne(tx, ctx, note, at);
  }

  async get(ctx: CallContext, id: string): Promise<NoteDto> {
    const note = await this.database.read(ctx.scope, (tx) => this.repository.byId(tx, id));
    if (!note) throw noteNotFound();
    return toDto(ctx, note);
  }

  async list(ctx: CallContext, query: NotesQuery): Promise<Page<NoteDto>> {
    const page = await this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
    return { ...page, items: page.items.map((note) => toDto(ctx, note)) };
  }

  private async closeOne(tx: Tx, ctx: CallContext, before: Note, at: Date): Promise<Note> {
    const note = closed(before, at);
    await this.repository.update(tx, note);
    await this.audit.record(tx, ctx, {
      ...entryOf(note, 'close'),
      changes: [{ field: 'state', from: before.state, to: note.state }],
    });
    await this.outbox.append(tx, ctx, {
      ...factOf(note),
      definition: NewcomerNoteClosed,
      occurredAt: at,
      data: { noteId: note.id, closedAt: at.toISOString() },
    });
    return note;
  }
}

const entryOf = ({ id, branchId }: Note, action: string) => ({
  branchId,
  entity: 'note',
  entityId: id,
  action,
});

/** Whose fact it is; one event per version, so the order in Kafka is that of the versions. */
const factOf = ({ id, branchId, version }: Note) => ({ aggregateId: id, branchId, sequence: version });

const toDto = (ctx: CallContext, note: Note): NoteDto => ({
  id: note.id,
  branchId: note.branchId,
  ticketId: note.ticketId,
  text: note.text,
  state: note.state,
  writtenBy: note.writtenBy,
  writtenAt: note.writtenAt.toISOString(),
  closedAt: note.closedAt?.toISOString() ?? null,
  actions: allowedActions(note, rolesAt(ctx, note)),
  version: note.version,
});
