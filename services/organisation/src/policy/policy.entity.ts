import type { PolicyLevel } from '@steward/kernel';

/** A value of a parameter as somebody set it for a unit. Values are never changed: a new one gets the next version. */
export type StoredPolicyValue = {
  id: string;
  /** One per key and unit; the aggregate of the published facts. */
  policyId: string;
  key: string;
  unitId: string;
  unitKind: PolicyLevel;
  branchId: string | null;
  version: number;
  value: unknown;
  effectiveFrom: Date;
  locked: boolean;
  reason: string | null;
  setBy: string;
  setAt: Date;
};
