import { nextMonth, startOfMonth, type Role } from '@steward/kernel';

/** Headquarters closes months: a month that is closed stays closed, and corrections show beside it (GRP-02). */
export const CLOSING_ROLES: readonly [Role, ...Role[]] = ['hq-admin'];

/** Whether the month `YYYY-MM` has ended in the branch's own time. */
export const hasEnded = (month: string, timeZone: string, now: Date): boolean =>
  startOfMonth(nextMonth(month), timeZone) <= now;
