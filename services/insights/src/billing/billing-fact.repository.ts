import { Injectable } from '@nestjs/common';
import type { EventEnvelope } from '@steward/contracts';
import { parseMoney, type MoneyJson } from '@steward/kernel';
import type { Tx } from '@steward/platform';
import type { FactKind } from './billing-figure.rules.js';
import { generationRows } from '../figure/generation-rows.js';

/** One billing event as the figures see it: an amount with its sign, and what it belongs to. */
export type BillingFact = Readonly<{
  kind: FactKind;
  /** The charge, payment or credit note whose event it is. */
  recordId: string;
  chargeId?: string;
  accountId: string;
  siteId?: string | null;
  ticketId?: string | null;
  number?: string;
  /** Fee item of a charge, method of a payment, why it was reversed. */
  about?: string;
  amount: MoneyJson;
  dueOn?: string;
  statedOn?: string;
}>;

type Told = Pick<EventEnvelope, 'id' | 'branch' | 'time' | 'recordedTime' | 'late'>;

/** Adds facts to one generation, many in one statement; facts are never changed. */
@Injectable()
export class BillingFactRepository {
  /** What follows a charge belongs to the charge's site: the events of a charge come in order, so it is there. */
  async add(
    tx: Tx,
    generation: number,
    facts: readonly Readonly<{ event: Told; fact: BillingFact }>[],
  ): Promise<void> {
    const rows = facts.map(({ event, fact: { amount, ...fact } }) => {
      const { minor, currency } = parseMoney(amount);
      const { id: eventId, branch: branchId, time: occurredAt, recordedTime: recordedAt, late } = event;
      return { ...fact, amount: String(minor), currency, eventId, branchId, occurredAt, recordedAt, late };
    });
    await tx.query(
      `insert into billing_fact (generation, event_id, kind, record_id, charge_id, account_id, branch_id, site_id, ticket_id,
         number, about, amount, currency, due_on, stated_on, occurred_at, recorded_at, late)
       select r.generation, r."eventId", r.kind, r."recordId", r."chargeId", r."accountId", r."branchId", coalesce(r."siteId", c.site_id),
         r."ticketId", r.number, coalesce(r.about, c.about), r.amount, r.currency, r."dueOn", r."statedOn", r."occurredAt",
         r."recordedAt", r.late
       from ${generationRows(`"eventId" uuid, kind text, "recordId" uuid, "chargeId" uuid, "accountId" uuid,
         "branchId" uuid, "siteId" uuid, "ticketId" uuid, number text, about text, amount bigint, currency text,
         "dueOn" date, "statedOn" date, "occurredAt" timestamptz, "recordedAt" timestamptz, late boolean`)} r
       left join billing_fact c on r.kind <> 'charge' and c.generation = r.generation and c.charge_id = r."chargeId" and c.kind = 'charge'
       on conflict do nothing`,
      [generation, JSON.stringify(rows)],
    );
  }
}
