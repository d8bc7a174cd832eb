import { isTransientState, saysConnectionLost } from '../database/lost-connection.js';

// two imports of one source that bring the same record at once
const RACE = '23505/import_record_once';

type PgError = Error & { code?: unknown; severity?: unknown; constraint?: unknown };

/** Whether the same work may succeed a moment later: no connection, a deadlock, a busy or restarting server. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, severity, constraint } = error as PgError;
  if (typeof code === 'string' && severity !== undefined) {
    return isTransientState(code) || `${code}/${String(constraint)}` === RACE;
  }
  return saysConnectionLost(error);
}

/** Whether the server ended the statement because it took too long. */
export const isTimeout = (error: unknown): boolean =>
  error instanceof Error && (error as PgError).code === '57014';
