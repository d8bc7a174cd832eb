import { saysConnectionLost } from '../../database/lost-connection.js';
import type { Fault } from './problem.js';

const busy: Fault = {
  status: 503,
  code: 'database.busy',
  detail: 'The database cannot take the request now. Repeat it in a moment.',
  retryAfterSeconds: 1,
};

const unreachable: Fault = {
  status: 503,
  code: 'database.unreachable',
  detail: 'The database does not answer now. Repeat the request in a moment.',
  retryAfterSeconds: 2,
};

/** Another branch's row must look like a row that does not exist (ORG-01). */
const hidden: Fault = { status: 404, code: 'not-found', detail: 'There is no such record in your scope.' };

const badValue: Fault = {
  status: 400,
  code: 'request.bad-value',
  detail: 'A value in the request cannot be stored: it is out of range or not of the expected form.',
};

const duplicate: Fault = {
  status: 409,
  code: 'conflict.duplicate',
  detail: 'A record with the same identifying values exists already.',
};

const reference: Fault = {
  status: 409,
  code: 'conflict.reference',
  detail: 'The request names a record that does not exist, or one that others still depend on.',
};

const refused: Fault = {
  status: 422,
  code: 'request.refused-value',
  detail: 'A value in the request breaks a rule of the record.',
};

const BY_STATE: Readonly<Record<string, Fault>> = {
  '23505': duplicate,
  '23503': reference,
  '23502': refused,
  '23514': refused,
  '54000': badValue,
  '40001': busy,
  '40P01': busy,
  '55P03': busy,
  '57014': busy,
  '25P03': busy,
  '57P01': unreachable,
  '57P02': unreachable,
  '57P03': unreachable,
};

// 28: the server does not let us in; whoever asks cannot help it
const BY_CLASS: Readonly<Record<string, Fault>> = {
  '22': badValue,
  '53': busy,
  '08': unreachable,
  '28': unreachable,
};

/**
 * The fault of a PostgreSQL error (from the driver or from TypeORM), or undefined for any other value. A refusal of
 * row-level security is answered as "not found"; a missing scope or grant is our own fault and stays unexpected.
 */
export function databaseFault(error: unknown): Fault | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, severity } = error as Error & { code?: unknown; severity?: unknown };
  if (typeof code !== 'string' || severity === undefined) {
    return saysConnectionLost(error) ? unreachable : undefined;
  }
  if (code === '42501') return /row-level security/.test(error.message) ? hidden : undefined;
  return BY_STATE[code] ?? BY_CLASS[code.slice(0, 2)];
}
