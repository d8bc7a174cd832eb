import {
  addDuration,
  type BusinessCalendar,
  type ClockProfile,
  type Duration,
  type ExplainedSpan,
  type ResolvedPolicy,
} from '@steward/kernel';
import type { Pause } from './ticket.rules.js';

/** What a deadline was computed from; kept with the ticket, so that no later change moves it (POL-03, TKT-28). */
export type DeadlineBasis = Readonly<{
  key: string;
  policyVersion: number;
  policyFrom: string;
  allowance: Duration;
  profile: ClockProfile;
  profileVersion: number;
  calendarId: string;
  calendarVersion: number;
}>;

export type Allowance = Readonly<{ key: string; policy: ResolvedPolicy<Duration> }>;

/** Joins the policies and the calendar that a decision is made under. */
export function basisOf(
  allowance: Allowance,
  profile: ResolvedPolicy<ClockProfile>,
  calendar: { calendarId: string; version: number },
): DeadlineBasis {
  return {
    key: allowance.key,
    policyVersion: allowance.policy.version,
    policyFrom: allowance.policy.from,
    allowance: allowance.policy.value,
    profile: profile.value,
    profileVersion: profile.version,
    calendarId: calendar.calendarId,
    calendarVersion: calendar.version,
  };
}

/** TKT-28: the due time by the branch's calendar, with the spans that explain it. TKT-27: pauses do not count. */
export function dueBy(
  basis: DeadlineBasis,
  calendar: BusinessCalendar,
  start: Date,
  pauses: readonly Pause[],
): { due: Date; startsAt: Date; spans: ExplainedSpan[] } {
  const intervals = pauses.map((pause) => ({ from: new Date(pause.from), to: new Date(pause.until) }));
  return addDuration(start, basis.allowance, calendar, basis.profile, intervals);
}

/** The verdict of a finished ticket: null when it had no deadline. */
export function isOnTime(doneAt: Date, dueAt: Date | null): boolean | null {
  return dueAt === null ? null : doneAt.getTime() <= dueAt.getTime();
}
