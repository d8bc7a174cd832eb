import { createHash } from 'node:crypto';

/** Where a page ended: the sort it was made under, the last row's sort value as text, and its id. */
export type Cursor = Readonly<{ sort: string; key: string; id: string }>;

const CHECK_LENGTH = 8;
/** Characters of a cursor, at most. */
export const MAX_CURSOR = 2000;

const checkOf = (body: string): string =>
  createHash('sha256').update(body).digest('base64url').slice(0, CHECK_LENGTH);

/** An opaque text for a cursor. The check at its end finds typing and cutting errors; it keeps nothing secret. */
export function encodeCursor(cursor: Cursor): string {
  const body = Buffer.from(JSON.stringify([cursor.sort, cursor.key, cursor.id])).toString('base64url');
  return body + checkOf(body);
}

/** The issue of a text that is no cursor of its list, for a schema; answered as `list.bad-cursor` (400). */
export const badCursor = (input: string, path: readonly string[] = []) => ({
  code: 'custom' as const,
  path: [...path],
  input,
  message: 'is not a cursor that this list gave for this sort',
  params: { problem: 'list.bad-cursor', code: 'bad-cursor' },
});

/** The cursor of a text, or undefined when the text was changed or made for another sort. */
export function decodeCursor(text: string, sort: string): Cursor | undefined {
  if (text.length > MAX_CURSOR) return undefined;
  const body = text.slice(0, -CHECK_LENGTH);
  if (checkOf(body) !== text.slice(-CHECK_LENGTH)) return undefined;
  try {
    const parts: unknown = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
    if (!Array.isArray(parts) || parts.length !== 3 || !parts.every((part) => typeof part === 'string'))
      return undefined;
    const [made, key, id] = parts as [string, string, string];
    return made === sort ? { sort, key, id } : undefined;
  } catch {
    return undefined;
  }
}
