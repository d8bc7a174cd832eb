import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TicketKind } from '@steward/contracts';
import type { QuoteState } from '../repair/quote.rules.js';
import type { DeadlineBasis } from './deadline.rules.js';
import type { Channel, Pause, Payment, Priority, TicketState } from './ticket.rules.js';

/** Who called and what was said (TKT-02): personal, stays in this service. */
export type Intake = {
  requesterName: string | null;
  requesterPhone: string | null;
  company: string | null;
  unitText: string | null;
  content: string;
  evidence: string | null;
  witnesses: string | null;
  preferredTime: string | null;
};

@Entity('ticket')
export class Ticket implements Intake {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'branch_id' }) branchId!: string;
  @Column('uuid', { name: 'site_id', nullable: true }) siteId!: string | null;
  @Column('text') number!: string;
  @Column('text') kind!: TicketKind;
  @Column('text') channel!: Channel;
  @Column('text', { name: 'category_code', nullable: true }) categoryCode!: string | null;
  @Column('text') priority!: Priority;
  @Column('text') state!: TicketState;
  @Column('text', { name: 'resume_to', nullable: true }) resumeTo!: TicketState | null;

  @Column('uuid', { name: 'customer_id', nullable: true }) customerId!: string | null;
  @Column('uuid', { name: 'property_unit_id', nullable: true }) propertyUnitId!: string | null;

  @Column('text', { name: 'requester_name', nullable: true }) requesterName!: string | null;
  @Column('text', { name: 'requester_phone', nullable: true }) requesterPhone!: string | null;
  @Column('text', { nullable: true }) company!: string | null;
  @Column('text', { name: 'unit_text', nullable: true }) unitText!: string | null;
  @Column('text') content!: string;
  @Column('text', { nullable: true }) evidence!: string | null;
  @Column('text', { nullable: true }) witnesses!: string | null;
  @Column('text', { name: 'preferred_time', nullable: true }) preferredTime!: string | null;

  @Column('timestamptz', { name: 'received_at' }) receivedAt!: Date;
  @Column('timestamptz', { name: 'registered_at' }) registeredAt!: Date;
  @Column('text', { name: 'registered_by' }) registeredBy!: string;
  @Column('uuid', { name: 'assignee_id', nullable: true }) assigneeId!: string | null;
  @Column('timestamptz', { name: 'assigned_at', nullable: true }) assignedAt!: Date | null;
  @Column('timestamptz', { name: 'started_at', nullable: true }) startedAt!: Date | null;
  @Column('timestamptz', { name: 'completed_at', nullable: true }) completedAt!: Date | null;
  @Column('timestamptz', { name: 'cancelled_at', nullable: true }) cancelledAt!: Date | null;
  @Column('text', { name: 'outcome', nullable: true }) outcome!: string | null;

  @Column('jsonb') pauses!: Pause[];
  @Column('timestamptz', { name: 'resume_at', nullable: true }) resumeAt!: Date | null;
  @Column('timestamptz', { name: 'due_at', nullable: true }) dueAt!: Date | null;
  @Column('text', { name: 'due_missing', nullable: true }) dueMissing!: string | null;
  @Column('jsonb', { name: 'due_basis', nullable: true }) dueBasis!: DeadlineBasis | null;
  @Column('boolean', { name: 'on_time', nullable: true }) onTime!: boolean | null;
  @Column('timestamptz', { name: 'intake_due_at', nullable: true }) intakeDueAt!: Date | null;
  @Column('timestamptz', { name: 'intake_met_at', nullable: true }) intakeMetAt!: Date | null;

  @Column('timestamptz', { name: 'slip_received_at', nullable: true }) slipReceivedAt!: Date | null;
  @Column('uuid', { name: 'slip_received_by', nullable: true }) slipReceivedBy!: string | null;
  /** Of the latest quote; the quotes have a table of their own. */
  @Column('text', { name: 'quote_state', nullable: true }) quoteState!: QuoteState | null;
  @Column('timestamptz', { name: 'signed_at', nullable: true }) signedAt!: Date | null;
  /** The customer's name as signed: personal. */
  @Column('text', { name: 'signed_by', nullable: true }) signedBy!: string | null;
  @Column('timestamptz', { name: 'charged_at', nullable: true }) chargedAt!: Date | null;
  @Column('int', { name: 'rework_rounds' }) reworkRounds!: number;
  @Column('text') payment!: Payment;
  /** The ticket whose recurrence this one is to explain (TKT-64). */
  @Column('uuid', { name: 'root_cause_of', nullable: true }) rootCauseOf!: string | null;
  /** Unit or category is new: whether the problem recurs is still to be looked at. */
  @Column('boolean', { name: 'cause_check' }) causeCheck!: boolean;

  @Column('text') origin!: 'live' | 'import';
  @Column('text', { nullable: true }) source!: string | null;
  @Column('text', { name: 'external_id', nullable: true }) externalId!: string | null;
  @Column('int') version!: number;
}
