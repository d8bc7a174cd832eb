import { Injectable } from '@nestjs/common';
import type { CallbackRecorded, CallbackScheduled, EventEnvelope } from '@steward/contracts';
import type { Tx } from '@steward/platform';
import { generationRows } from './generation-rows.js';

/** Writes the callbacks of one generation, many in one statement. */
@Injectable()
export class CallbackFactRepository {
  async add(tx: Tx, generation: number, events: readonly EventEnvelope<CallbackScheduled>[]): Promise<void> {
    await tx.query(
      `insert into callback_fact (generation, callback_id, ticket_id, branch_id, scheduled_at, due_at)
       select $1, r."callbackId", r."ticketId", r.branch, r.time, r."dueAt"
       from jsonb_to_recordset($2::jsonb) as r("callbackId" uuid, "ticketId" uuid, branch uuid, time timestamptz,
         "dueAt" timestamptz)
       on conflict do nothing`,
      [generation, JSON.stringify(events.map(({ data, branch, time }) => ({ ...data, branch, time })))],
    );
  }

  async record(tx: Tx, generation: number, facts: readonly CallbackRecorded[]): Promise<void> {
    await tx.query(
      `update callback_fact f set recorded_at = r."recordedAt", result = r.result, on_time = r."onTime"
       from ${generationRows('"callbackId" uuid, "recordedAt" timestamptz, result text, "onTime" boolean')} r
       where f.generation = r.generation and f.callback_id = r."callbackId"`,
      [generation, JSON.stringify(facts)],
    );
  }
}
