import type { FailureText } from '../import-failure.js';
import type { ReadEvent } from './read-file.js';

/** What a reading thread tells: a wish for bytes, what it found, the end, or why it cannot go on. */
export type FromReader = Readonly<
  | { type: 'read'; id: number; offset: number; length: number }
  | ReadEvent
  | { type: 'end' }
  | { type: 'failed'; failure: FailureText }
  | { type: 'crashed'; message: string }
>;

/** What it is told: the bytes, or that rows were taken. Where bytes cannot be had the thread is ended. */
export type ToReader = Readonly<{ type: 'bytes'; id: number; bytes: Uint8Array } | { type: 'taken' }>;

/** Groups of rows that may lie between reading and applying. */
export const ROWS_AHEAD = 2;
