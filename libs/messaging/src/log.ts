import type { Logger } from 'pino';

/** Where messaging writes its lines: ids, topics and reasons, never payloads. A pino logger fits. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

const nothing = (): void => undefined;

/** A log that keeps quiet; the default where none is given. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** The message of anything thrown, for a log line or a health detail. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
