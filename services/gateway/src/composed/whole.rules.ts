import { forbidden, notFound, unavailable } from '@steward/kernel';
import type { Json, ListPart, RecordAnswer, RecordPart } from './part.js';

type Part = RecordPart | ListPart;

/**
 * Puts the parts beside the record that the address names. Where that one is not there for the caller, or not for its
 * roles, neither is the whole. Throws 503 when nothing at all can be shown.
 */
export async function whole(
  name: string,
  record: Promise<RecordAnswer>,
  others: () => Promise<Readonly<Record<string, Part>>>,
): Promise<Json> {
  const { part, refusal } = await record;
  if (refusal?.status === 404) throw notFound(refusal.code, refusal.detail);
  if (refusal) throw forbidden(refusal.code, refusal.detail);
  const parts = { [name]: part, ...(await others()) };
  refuseIfNothing(Object.values(parts));
  return parts;
}

/** Throws 403 when the caller's roles give none of the parts, 503 when no service gives any now. */
export function refuseIfNothing(parts: readonly Part[]): void {
  if (parts.some(({ state }) => state === 'ok')) return;
  if (parts.every(({ state }) => state === 'forbidden'))
    throw forbidden('access.role-missing', 'None of your roles allows this.');
  throw unavailable('gateway.unavailable', 'The services that this is made of do not answer now.', {
    retryAfterSeconds: 2,
  });
}
