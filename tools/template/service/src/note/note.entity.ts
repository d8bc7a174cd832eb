import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { NoteState } from './note.rules.js';

@Entity('note')
export class Note {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'branch_id' }) branchId!: string;
  @Column('uuid', { name: 'ticket_id', nullable: true }) ticketId!: string | null;
  /** Words of people: they stay in this service (ORG-03). */
  @Column('text') text!: string;
  @Column('text') state!: NoteState;
  @Column('text', { name: 'written_by' }) writtenBy!: string;
  @Column('timestamptz', { name: 'written_at' }) writtenAt!: Date;
  @Column('timestamptz', { name: 'closed_at', nullable: true }) closedAt!: Date | null;
  @Column('int') version!: number;
}
