import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import type { NotesQuery } from './note.dto.js';
import { Note } from './note.entity.js';

const COLUMNS = `id, branch_id "branchId", ticket_id "ticketId", text, state, written_by "writtenBy",
  written_at "writtenAt", closed_at "closedAt", version`;

/** All SQL of notes. */
@Injectable()
export class NoteRepository {
  async insert(tx: Tx, note: Note): Promise<void> {
    await tx.manager.insert(Note, note);
  }

  async update(tx: Tx, { id, ...rest }: Note): Promise<void> {
    await tx.manager.update(Note, { id }, rest);
  }

  async byId(tx: Tx, id: string): Promise<Note | null> {
    return tx.manager.findOneBy(Note, { id });
  }

  async lock(tx: Tx, id: string): Promise<Note | null> {
    return tx.manager.findOne(Note, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** The open notes about a ticket, locked in an order that no other transaction crosses. */
  async lockOpenAbout(tx: Tx, branchId: string, ticketId: string): Promise<Note[]> {
    return tx.query<Note>(
      `select ${COLUMNS} from note where branch_id = $1 and ticket_id = $2 and state = 'open' order by id for update`,
      [branchId, ticketId],
    );
  }

  async list(tx: Tx, query: NotesQuery): Promise<Page<Note>> {
    const where: string[] = [];
    const values: unknown[] = [];
    if (query.branchId !== undefined) where.push(`branch_id = $${values.push(query.branchId)}`);
    if (query.ticketId !== undefined) where.push(`ticket_id = $${values.push(query.ticketId)}`);
    if (query.state !== undefined) where.push(`state = $${values.push(query.state)}`);
    const page = keyset(
      query,
      { writtenAt: { column: 'written_at', type: 'timestamptz' } },
      { id: 'id', firstParameter: values.length + 1 },
    );
    const rows = await tx.query<Note & KeyedRow>(
      `select ${COLUMNS}, ${page.select} from note where ${[...where, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(rows, query, ({ cursor_key: _key, cursor_id: _id, ...note }) => note);
  }
}
