import { isDomainError } from '@steward/kernel';
import { isTransientState, saysConnectionLost } from '@steward/platform';
import { reasonOf } from '../log.js';
import type { Fault } from './incoming.js';

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Whether the same event may succeed a moment later without anybody's help: then it is tried again in place. Everything
 * else is permanent and parks the event. Causes are looked at as well, as mappers wrap what the driver threw.
 */
export function isTransient(error: unknown): boolean {
  const seen = new Set<unknown>();
  for (let at = error; at instanceof Error && !seen.has(at); at = innerOf(at)) {
    seen.add(at);
    if (isDomainError(at)) return at.kind === 'unavailable';
    const code = (at as Error & { code?: unknown }).code;
    if (typeof code === 'string' && (NETWORK.has(code) || isTransientState(code))) return true;
    if (saysConnectionLost(at)) return true;
    if (at instanceof AggregateError && at.errors.length > 0 && at.errors.every(isTransient)) return true;
  }
  return false;
}

const innerOf = (error: Error): unknown =>
  (error as Error & { driverError?: unknown }).driverError ?? error.cause;

/** What stands in the row of a parked event: the error's code and sentence. Values of the event are not in it. */
export function faultOfError(error: unknown): Fault {
  if (isDomainError(error)) return { code: error.code, reason: error.detail };
  const code = error instanceof Error ? (error as Error & { code?: unknown }).code : undefined;
  const name = error instanceof Error ? error.name : 'Error';
  // A constraint's message names columns and constraint; its detail, which is left out, would name values.
  return {
    code: typeof code === 'string' ? `database.${code}` : `handler.${name}`,
    reason: reasonOf(error).slice(0, 500),
  };
}
