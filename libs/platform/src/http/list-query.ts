import { z } from 'zod';
import { badCursor, decodeCursor, MAX_CURSOR, type Cursor } from './cursor.js';

/** One page of a list; `next` is the `after` of the next page, null at the end. */
export type Page<T> = Readonly<{ items: readonly T[]; next: string | null }>;

/** The order of a list: `text` is what the query said (`-receivedAt`). */
export type Sort<F extends string = string> = Readonly<{ field: F; descending: boolean; text: string }>;

/** What `listQuery` gives besides the filters. */
export type ListQuery<F extends string = string> = Readonly<{ limit: number; sort: Sort<F>; after?: Cursor }>;

export const MAX_LIMIT = 200;
export const DEFAULT_LIMIT = 50;

type Filters = Record<string, z.ZodType>;

function parseSort<F extends string>(text: string): Sort<F> {
  const descending = text.startsWith('-');
  return { field: (descending ? text.slice(1) : text) as F, descending, text };
}

/**
 * The query of a list: `limit` (1 to 200, 50 by default), `sort` (a field of `sorts`, `-` before it for descending),
 * `after` (the cursor of the page before) and the filters. Unknown parameters are refused, so that a misspelt filter
 * does not show everything. A cursor that was changed or belongs to another sort gives `list.bad-cursor` (400).
 */
export function listQuery<const S extends readonly [string, ...string[]], Fs extends Filters>(options: {
  filters: Fs;
  sorts: S;
  defaultSort: S[number] | `-${S[number]}`;
}) {
  type Field = S[number];
  const allowed = options.sorts.flatMap((field) => [field, `-${field}`]) as [string, ...string[]];
  return z
    .strictObject({
      limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
      sort: z.enum(allowed).default(options.defaultSort),
      after: z.string().max(MAX_CURSOR).optional().meta({ description: 'Cursor: `next` of the page before' }),
      ...options.filters,
    })
    .transform((parsed, context) => {
      const query = parsed as unknown as { limit: number; sort: string; after?: string };
      const { limit, sort, after, ...filters } = query;
      const cursor = after === undefined ? undefined : decodeCursor(after, sort);
      if (after !== undefined && !cursor) {
        context.issues.push(badCursor(after, ['after']));
        return z.NEVER;
      }
      const list: ListQuery<Field> = {
        limit,
        sort: parseSort<Field>(sort),
        ...(cursor ? { after: cursor } : {}),
      };
      return { ...(filters as z.output<z.ZodObject<Fs>>), ...list };
    });
}

/** The schema of a page of something, for `@Answers(200, pageSchema(ticketSchema))`. */
export function pageSchema<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().meta({ description: '`after` of the next page; null at the end' }),
  });
}
