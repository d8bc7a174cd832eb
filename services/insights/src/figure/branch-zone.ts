import type { Unit } from '@steward/directory';

/** A branch that a question is about, with the zone that tells its months. */
export type BranchZone = Readonly<{ id: string; timeZone: string }>;

/** Which branches a question names: one, those of a region, or all. */
export type AskedPlace = Readonly<{ branchId?: string | undefined; regionId?: string | undefined }>;

/** The branches of a question, of all that there are; which of them the caller sees is decided by the database. */
export const zonesAsked = (branches: readonly Unit[], { branchId, regionId }: AskedPlace): BranchZone[] =>
  branches
    .filter(
      ({ id, parentId }) =>
        (branchId === undefined || id === branchId) && (regionId === undefined || parentId === regionId),
    )
    .map(({ id, timeZone }) => ({ id, timeZone: timeZone ?? 'UTC' }));
