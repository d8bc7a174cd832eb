import { v5, v7, validate } from 'uuid';

// Random bytes are fetched for many ids at once: the call costs more than the rest of an id.
const POOL_BYTES = 16 * 256;
const pool = new Uint8Array(POOL_BYTES);
let taken = POOL_BYTES;

function randomBytes(): Uint8Array {
  if (taken === POOL_BYTES) {
    crypto.getRandomValues(pool);
    taken = 0;
  }
  return pool.subarray(taken, (taken += 16));
}

// Root of all derived namespaces. It must never change: ids made from names would change with it.
const ROOT_NAMESPACE = '6f1c8a52-0d0e-5b8f-9a3d-4d1b7e2c9f10';

// Counts the ids of a process. Many are stamped with the time of one command: in the order of making they fill the pages of
// an index one after the other, in random order they would touch all of them.
let made = Math.floor(Math.random() * 2 ** 31);

/**
 * A new id: UUID version 7, ordered by its stamp, and of one process by time of making.
 * @param nowMs milliseconds since 1970 to stamp it with; the machine's time when left out.
 */
export function newId(nowMs?: number): string {
  if (nowMs === undefined) return v7();
  made = (made + 1) >>> 0;
  return v7({ msecs: nowMs, seq: made, random: randomBytes() });
}

/**
 * The id that belongs to a name: UUID version 5, always the same for the same two texts.
 * @param namespace a UUID, or any text (a namespace is then derived from it).
 */
export function nameId(namespace: string, name: string): string {
  return v5(name, validate(namespace) ? namespace : v5(namespace, ROOT_NAMESPACE));
}

/** Tells whether a value from outside is a UUID in its usual text form. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && validate(value);
}
