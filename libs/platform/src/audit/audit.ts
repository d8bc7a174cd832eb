import { createHmac } from 'node:crypto';
import { newId } from '@steward/kernel';
import type { CallContext } from '../context.js';
import { prepared, type Tx } from '../database/database.js';
import { canonicalJson } from './canonical-json.js';

/** One changed field. A value that identifies a person names that person: the chain then keeps a keyed digest only. */
export type AuditChange = Readonly<{ field: string; from: unknown; to: unknown; personOf?: string }>;

/** Who, when, from what, to what, why (ORG-02): who and when come from the context. `branchId` null = group level. */
export type AuditEntry = Readonly<{
  branchId: string | null;
  entity: string;
  entityId: string;
  action: string;
  reason?: string;
  changes: readonly AuditChange[];
}>;

/** The columns of one trail row, for statements that write it together with the record. */
export type AuditRow = Readonly<{
  id: string;
  branch_id: string | null;
  entity: string;
  entity_id: string;
  action: string;
  actor: string;
  at: string;
  correlation_id: string;
  reason: string | null;
  changes: unknown[];
}>;

type PersonalRow = {
  audit_id: string;
  field: string;
  branch_id: string | null;
  person_id: string;
  from_value: unknown;
  to_value: unknown;
};

const COLUMNS = 'id, branch_id, entity, entity_id, action, actor, at, correlation_id, reason, changes';
const COLUMN_TYPES = `id uuid, branch_id uuid, entity text, entity_id uuid, action text, actor text, at timestamptz,
  correlation_id text, reason text, changes jsonb`;

/**
 * SQL that inserts the rows of a JSON text (`Audit.toRow`). `json` is an expression of type text; it may use columns of
 * `before`, a FROM item with its comma, such as `numbered, `.
 */
export const insertAuditRows = (json: string, before = ''): string =>
  `insert into audit (${COLUMNS}) select ${COLUMNS.split(', ')
    .map((column) => `r.${column}`)
    .join(', ')} from ${before}jsonb_to_recordset((${json})::jsonb) as r(${COLUMN_TYPES})`;

const RECORD = prepared('record-changes', insertAuditRows('$1'));
const KEEP_PERSONAL = prepared(
  'keep-personal-values',
  'insert into audit_personal select * from jsonb_populate_recordset(null::audit_personal, $1)',
);

/** The append-only trail of changes (ORG-02). Rows are written in the change's own transaction and sealed later. */
export class Audit {
  /** `key` keys the digests of personal values: without it nobody can guess a value from the chain. */
  constructor(private readonly key: string) {}

  /** Writes one entry in the transaction of the change. */
  async record(tx: Tx, ctx: CallContext, entry: AuditEntry): Promise<void> {
    await this.recordAll(tx, ctx, [entry]);
  }

  /** Writes many entries in one statement. */
  async recordAll(tx: Tx, ctx: CallContext, entries: readonly AuditEntry[]): Promise<void> {
    const rows: AuditRow[] = [];
    const personal: PersonalRow[] = [];
    for (const entry of entries) {
      const row = this.toRow(ctx, entry);
      rows.push(row);
      personal.push(...this.personalRows(row.id, entry));
    }
    if (rows.length > 0) await tx.query(RECORD, [JSON.stringify(rows)]);
    if (personal.length > 0) await tx.query(KEEP_PERSONAL, [JSON.stringify(personal)]);
  }

  /** The trail row of an entry, for a statement that writes everything at once. Personal values are digested. */
  toRow(ctx: CallContext, entry: AuditEntry): AuditRow {
    return {
      id: newId(ctx.now.getTime()),
      branch_id: entry.branchId,
      entity: entry.entity,
      entity_id: entry.entityId,
      action: entry.action,
      actor: ctx.actor.id,
      at: ctx.now.toISOString(),
      correlation_id: ctx.correlationId,
      reason: entry.reason ?? null,
      changes: entry.changes.map((change) => this.digested(change)),
    };
  }

  /** The side rows that hold an entry's personal values, which erasure deletes. */
  personalRows(auditId: string, entry: AuditEntry): PersonalRow[] {
    return entry.changes
      .filter((change) => change.personOf)
      .map((change) => ({
        audit_id: auditId,
        field: change.field,
        branch_id: entry.branchId,
        person_id: change.personOf!,
        from_value: change.from ?? null,
        to_value: change.to ?? null,
      }));
  }

  /** Deletes the personal values that the trail keeps of a person (ORG-04); the chain stays whole. Gives their number. */
  async erasePerson(tx: Tx, personId: string): Promise<number> {
    const rows = await tx.query('delete from audit_personal where person_id = $1 returning audit_id', [
      personId,
    ]);
    return rows.length;
  }

  /** The keyed digest (HMAC-SHA256, hex) of a personal value as the chain keeps it; null stays null. */
  digest(value: unknown): string | null {
    if (value === null || value === undefined) return null;
    return createHmac('sha256', this.key).update(canonicalJson(value)).digest('hex');
  }

  private digested({ field, from, to, personOf }: AuditChange): unknown {
    if (!personOf) return { field, from: from ?? null, to: to ?? null };
    return { field, personal: true, fromDigest: this.digest(from), toDigest: this.digest(to) };
  }
}
