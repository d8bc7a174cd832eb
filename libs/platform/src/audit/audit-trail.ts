import type { Scope } from '../context.js';
import type { Database, Tx } from '../database/database.js';
import { decodeCursor } from '../http/cursor.js';
import { keyset, pageOf, type KeyedRow } from '../http/keyset.js';
import type { ListQuery, Page } from '../http/list-query.js';
import { toCsv } from '../imports/csv-writer.js';

/** Which rows of the trail; all of them in the caller's scope when nothing is said. */
export type TrailFilter = Readonly<{
  entity?: string | undefined;
  entityId?: string | undefined;
  action?: string | undefined;
  actor?: string | undefined;
  branchId?: string | undefined;
  /** From this instant on, and before that one. */
  from?: string | undefined;
  to?: string | undefined;
}>;

export type TrailQuery = TrailFilter & ListQuery<'recorded'>;

type StoredChange = Readonly<{
  field: string;
  from?: unknown;
  to?: unknown;
  personal?: true;
  fromDigest?: unknown;
  toDigest?: unknown;
}>;

type Row = KeyedRow &
  Readonly<{
    id: string;
    branchId: string | null;
    entity: string;
    entityId: string;
    action: string;
    actor: string;
    at: Date;
    correlationId: string;
    reason: string | null;
    changes: readonly StoredChange[];
    sequence: string | null;
    hash: string | null;
  }>;

/** One row of the trail as it is shown: personal values masked (ORG-03), place and hash once it is sealed. */
export type TrailItem = Readonly<{
  id: string;
  branchId: string | null;
  entity: string;
  entityId: string;
  action: string;
  actor: string;
  at: string;
  correlationId: string;
  reason: string | null;
  changes: readonly Readonly<{ field: string; from: unknown; to: unknown; personal: boolean }>[];
  sequence: number | null;
  hash: string | null;
}>;

const COLUMNS = `id, branch_id "branchId", entity, entity_id "entityId", action, actor, at, correlation_id "correlationId",
  reason, changes, chain_seq sequence, encode(chain_hash, 'hex') hash`;

const CONDITIONS: Readonly<Record<keyof TrailFilter, string>> = {
  entity: 'entity =',
  entityId: 'entity_id =',
  action: 'action =',
  actor: 'actor =',
  branchId: 'branch_id =',
  from: 'at >=',
  to: 'at <',
};

/** Tells spreadsheets that the file is UTF-8. */
const BOM = '\ufeff';
const EXPORT_PAGE = 1000;
const HEADER = [
  'at',
  'actor',
  'branch',
  'entity',
  'id',
  'action',
  'field',
  'from',
  'to',
  'reason',
  'correlation',
  'sequence',
  'hash',
];

/** Reads a service's audit trail within a scope (ORG-02): page by page, or as one CSV file without a cap. */
export class AuditTrail {
  constructor(private readonly database: Database) {}

  /** One page of the trail, in the order of recording or against it. */
  async list(scope: Scope, query: TrailQuery): Promise<Page<TrailItem>> {
    return this.database.read(scope, (tx) => readPage(tx, query));
  }

  /** The whole trail that the query names as CSV, one line per changed field; each page is a transaction of its own. */
  async *csv(scope: Scope, query: TrailQuery): AsyncGenerator<string> {
    yield BOM + toCsv([HEADER]);
    for (let rest: TrailQuery | null = { ...query, limit: EXPORT_PAGE }; rest;) {
      const page: Page<TrailItem> = await this.list(scope, rest);
      yield toCsv(page.items.flatMap(linesOf));
      const after: ReturnType<typeof decodeCursor> =
        page.next === null ? undefined : decodeCursor(page.next, rest.sort.text);
      rest = after ? { ...rest, after } : null;
    }
  }
}

async function readPage(tx: Tx, query: TrailQuery): Promise<Page<TrailItem>> {
  const where: string[] = [];
  const values: unknown[] = [];
  for (const [field, condition] of Object.entries(CONDITIONS)) {
    const value = query[field as keyof TrailFilter];
    if (value !== undefined) where.push(`${condition} $${values.push(value)}`);
  }
  const page = keyset(
    query,
    { recorded: { column: 'pos', type: 'bigint' } },
    { id: 'id', firstParameter: values.length + 1 },
  );
  const rows = await tx.query<Row>(
    `select ${COLUMNS}, ${page.select} from audit where ${[...where, page.where].join(' and ')}
     order by ${page.orderBy} limit ${page.limit}`,
    [...values, ...page.values],
  );
  return pageOf(rows, query, toItem);
}

function toItem({ cursor_key: _key, cursor_id: _id, ...row }: Row): TrailItem {
  return {
    ...row,
    at: row.at.toISOString(),
    sequence: row.sequence === null ? null : Number(row.sequence),
    changes: row.changes.map((change) =>
      change.personal
        ? {
            field: change.field,
            from: masked(change.fromDigest),
            to: masked(change.toDigest),
            personal: true,
          }
        : { field: change.field, from: change.from ?? null, to: change.to ?? null, personal: false },
    ),
  };
}

const masked = (digest: unknown): string | null => (digest === null || digest === undefined ? null : '***');

function linesOf(item: TrailItem): (string | number | null)[][] {
  const { at, actor, branchId, entity, entityId, action, reason, correlationId, sequence, hash } = item;
  const changes = item.changes.length > 0 ? item.changes : [{ field: null, from: null, to: null }];
  return changes.map(({ field, from, to }) => {
    const changed = [field, cellOf(from), cellOf(to)];
    return [at, actor, branchId, entity, entityId, action, ...changed, reason, correlationId, sequence, hash];
  });
}

const cellOf = (value: unknown): string | null =>
  value === null || typeof value === 'string' ? value : JSON.stringify(value);
