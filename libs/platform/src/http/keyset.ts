import { encodeCursor } from './cursor.js';
import type { ListQuery, Page } from './list-query.js';

/** Types whose text form goes back into the database without loss. */
export type SortType = 'text' | 'timestamptz' | 'date' | 'integer' | 'bigint' | 'numeric' | 'uuid';

/** A sort's SQL expression; it must never be null (`coalesce(due_at, 'infinity')`) and should have an index with the id. */
export type SortColumn = Readonly<{ column: string; type: SortType }>;

/** Parts of a statement that reads one page. Put `select` into the select list and pass the rows to `pageOf`. */
export type Keyset = Readonly<{
  select: string;
  where: string;
  orderBy: string;
  limit: number;
  values: readonly string[];
}>;

/** What `Keyset.select` adds to a row. */
export type KeyedRow = Readonly<{ cursor_key: string; cursor_id: string }>;

/**
 * Keyset pagination for a list: rows after the cursor in the asked order, the id breaking ties.
 * @param columns the SQL of each sort field; never made from input.
 * @param options.id the id column, with its alias (`t.id`); a uuid.
 * @param options.firstParameter the number of the first free `$n`; `values` are appended to the statement's own.
 */
export function keyset<F extends string>(
  query: ListQuery<F>,
  columns: Readonly<Record<F, SortColumn>>,
  options: Readonly<{ id: string; firstParameter: number }>,
): Keyset {
  const { column, type } = columns[query.sort.field];
  const { id, firstParameter } = options;
  const direction = query.sort.descending ? 'desc' : 'asc';
  const comparison = query.sort.descending ? '<' : '>';
  return {
    select: `(${column})::text as cursor_key, (${id})::text as cursor_id`,
    where: query.after
      ? `(${column}, ${id}) ${comparison} ($${firstParameter}::${type}, $${firstParameter + 1}::uuid)`
      : 'true',
    orderBy: `${column} ${direction}, ${id} ${direction}`,
    limit: query.limit + 1,
    values: query.after ? [query.after.key, query.after.id] : [],
  };
}

/** The page of the rows that a `keyset` statement gave (one more than asked tells that there is a next page). */
export function pageOf<Row extends KeyedRow, T>(
  rows: readonly Row[],
  query: ListQuery,
  toItem: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  const more = rows.length > query.limit && last !== undefined;
  return {
    items: shown.map(toItem),
    next: more ? encodeCursor({ sort: query.sort.text, key: last.cursor_key, id: last.cursor_id }) : null,
  };
}
