import type { BusinessCalendar } from '@steward/kernel';

/** A business calendar with its latest version; `branchId` null = of the group, for all to use. */
export type Calendar = {
  id: string;
  branchId: string | null;
  name: string;
  version: number;
};

/** One version; versions are never changed, since verdicts refer to them (POL-03). */
export type CalendarVersion = Calendar & {
  calendar: BusinessCalendar;
  effectiveFrom: Date;
  reason: string | null;
  definedBy: string;
  definedAt: Date;
};
