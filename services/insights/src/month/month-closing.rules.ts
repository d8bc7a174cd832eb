import { nextMonth, startOfMonth, type Role } from '@steward/kernel';

/** Headquarters closes months: a month that is closed stays closed, and corrections show beside it (GRP-02). */
export const CLOSING_ROLES: readonly [Role, ...Role[]] = ['hq-admin'];

/** Whether the month `YYYY-MM` has ended in the branch's own time. */
export const hasEnded = (month: string, timeZone: string, now: Date): boolean =>
  startOfMonth(nextMonth(month), timeZone) <= now;

/** A closing as rows of figures tell of it; `kept`: with its figures. */
export type KnownClosing = Readonly<{ id: string; closedAt: Date; kept: boolean }>;

/** What a row of figures tells of the closing of its month; nothing when that is open. */
export const closedPart = (
  of: 'tickets' | 'billing',
  closing: KnownClosing | undefined,
): Readonly<{ closedAt: string | null; statement: string | null }> => ({
  closedAt: closing?.closedAt.toISOString() ?? null,
  statement: closing?.kept ? `/api/v1/month-closings/${closing.id}/figures/${of}` : null,
});
