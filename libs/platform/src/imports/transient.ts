import { saysConnectionLost } from '../database/lost-connection.js';

const CLASSES = new Set(['08', '28', '40', '53', '57']);
const CODES = new Set(['55P03', '25P03', '23505/import_record_once']);
const SOCKET = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']);

type PgError = Error & { code?: unknown; severity?: unknown; constraint?: unknown; syscall?: unknown };

/** Whether the same work may succeed a moment later: lost connections, a login that is refused, deadlocks, a busy or restarting server. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, severity, constraint, syscall } = error as PgError;
  if (typeof code === 'string' && severity !== undefined) {
    return CLASSES.has(code.slice(0, 2)) || CODES.has(code) || CODES.has(`${code}/${String(constraint)}`);
  }
  return saysConnectionLost(error) || (typeof code === 'string' && SOCKET.has(code) && syscall !== undefined);
}

/** Whether the server ended the statement because it took too long. */
export const isTimeout = (error: unknown): boolean =>
  error instanceof Error && (error as PgError).code === '57014';
