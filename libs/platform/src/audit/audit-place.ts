import { z } from 'zod';
import { badCursor, decodeCursor, encodeCursor, MAX_CURSOR } from '../http/cursor.js';
import type { AuditPlace } from './verify.js';

const SORT = 'verification';
const GROUP = 'group';

/** The text by which the next part of a verification begins where this one ended. */
export const placeText = ({ branchId, sequence, hash }: AuditPlace): string =>
  encodeCursor({ sort: SORT, key: `${sequence}/${hash.toString('hex')}`, id: branchId ?? GROUP });

const placeOf = (text: string): AuditPlace | undefined => {
  const cursor = decodeCursor(text, SORT);
  const [, sequence, hash] = /^(\d{1,18})\/([0-9a-f]{64})$/.exec(cursor?.key ?? '') ?? [];
  if (!cursor || !sequence || !hash) return undefined;
  const branchId = cursor.id === GROUP ? null : cursor.id;
  return { branchId, sequence: BigInt(sequence), hash: Buffer.from(hash, 'hex') };
};

/** The schema of `placeText`, for queries. */
export const placeSchema = z
  .string()
  .max(MAX_CURSOR)
  .transform((text, context) => {
    const place = placeOf(text);
    if (place) return place;
    context.issues.push(badCursor(text));
    return z.NEVER;
  });
