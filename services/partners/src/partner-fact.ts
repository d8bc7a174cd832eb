import type { NewEvent } from '@steward/messaging';
import type { CallContext } from '@steward/platform';

/** A fact of this service: of the group, one for each version of the record. */
export const partnerFact = <T>(
  ctx: CallContext,
  { id, version }: Readonly<{ id: string; version: number }>,
  definition: NewEvent<T>['definition'],
  data: T,
): NewEvent<T> => ({
  definition,
  aggregateId: id,
  branchId: null,
  sequence: version,
  occurredAt: ctx.now,
  data,
});
