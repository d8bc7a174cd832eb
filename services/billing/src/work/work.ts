import type { WorkSigned } from '@steward/contracts';
import type { MoneyJson } from '@steward/kernel';

/** The fee item of repairs and other paid work (BIL-14). */
export const REPAIR = 'repair';

export type QuoteLine = NonNullable<WorkSigned['charge']>['lines'][number];

/** Signed work that is to be paid for. */
export type Work = Readonly<{
  branchId: string;
  siteId: string | null;
  ticketId: string;
  ticketNumber: string;
  customerId: string;
  quoteId: string;
  propertyUnitId: string | null;
  signedAt: Date;
  total: MoneyJson;
  lines: readonly QuoteLine[];
}>;
