import { Injectable } from '@nestjs/common';
import {
  CALLBACK_DUE,
  CATEGORY_RESOLVE,
  CLOCK_PROFILE,
  INTAKE,
  KIND_RESOLVE,
  type TicketKind,
} from '@steward/contracts';
import { Calendars, Policies } from '@steward/directory';
import { policyKey, type Duration, type PolicyDefinition } from '@steward/kernel';
import { basisOf, dueBy, type Allowance, type DeadlineBasis } from './deadline.rules.js';
import type { Pause, Priority } from './ticket.rules.js';

/** What decides a deadline: where, when, and what it is about. */
export type DeadlineQuestion = Readonly<{
  branchId: string;
  kind: TicketKind;
  categoryCode: string | null;
  receivedAt: Date;
  pauses: readonly Pause[];
}>;

export type DeadlineAnswer = Readonly<{
  dueAt: Date | null;
  dueMissing: string | null;
  dueBasis: DeadlineBasis | null;
}>;

/** Computes deadlines under the branch's policies and calendar, and explains them later by the same versions. */
@Injectable()
export class DeadlineService {
  constructor(
    private readonly policies: Policies,
    private readonly calendars: Calendars,
  ) {}

  /** The deadline for the policies that hold at receipt (POL-03). Without an allowance it names the parameter (POL-05). */
  async decide(question: DeadlineQuestion): Promise<DeadlineAnswer> {
    const { branchId, receivedAt, pauses } = question;
    const allowance = await this.allowance(question);
    if (typeof allowance === 'string') return { dueAt: null, dueMissing: allowance, dueBasis: null };
    const [profile, calendar] = await Promise.all([
      this.policies.resolve(CLOCK_PROFILE, branchId, receivedAt),
      this.calendars.of(branchId, receivedAt),
    ]);
    const dueBasis = basisOf(allowance, profile, calendar);
    return { dueAt: dueBy(dueBasis, calendar.calendar, receivedAt, pauses).due, dueMissing: null, dueBasis };
  }

  /** The deadline again after a pause came or ended: the basis stays, so consumed time is kept. */
  async again(basis: DeadlineBasis, receivedAt: Date, pauses: readonly Pause[]): Promise<Date> {
    const { calendar } = await this.calendars.version(basis.calendarId, basis.calendarVersion);
    return dueBy(basis, calendar, receivedAt, pauses).due;
  }

  /** The spans behind a deadline, from the versions that it was decided under. */
  async explain(basis: DeadlineBasis, receivedAt: Date, pauses: readonly Pause[]) {
    const version = await this.calendars.version(basis.calendarId, basis.calendarVersion);
    return { ...dueBy(basis, version.calendar, receivedAt, pauses), calendar: version };
  }

  /** TKT-01, TKT-04: by when customer service has to have classified what another unit took in. */
  async intakeDue(branchId: string, receivedAt: Date): Promise<Date> {
    return this.after(INTAKE, branchId, receivedAt);
  }

  /** TKT-60: by when the customer of work that was completed at this time is to be called back. */
  async callbackDue(branchId: string, priority: Priority, completedAt: Date): Promise<Date> {
    return this.after(CALLBACK_DUE[priority === 'routine' ? 'routine' : 'urgent'], branchId, completedAt);
  }

  private async after(allowed: PolicyDefinition<Duration>, branchId: string, start: Date): Promise<Date> {
    const [policy, profile, calendar] = await Promise.all([
      this.policies.resolve(allowed, branchId, start),
      this.policies.resolve(CLOCK_PROFILE, branchId, start),
      this.calendars.of(branchId, start),
    ]);
    return dueBy(basisOf({ key: allowed.key, policy }, profile, calendar), calendar.calendar, start, []).due;
  }

  private async allowance({
    branchId,
    kind,
    categoryCode,
    receivedAt,
  }: DeadlineQuestion): Promise<Allowance | string> {
    if (categoryCode !== null) {
      const params = { category: categoryCode };
      const policy = await this.policies.find(CATEGORY_RESOLVE, branchId, receivedAt, params);
      if (policy) return { key: policyKey(CATEGORY_RESOLVE, params), policy };
    }
    const policy = await this.policies.find(KIND_RESOLVE[kind], branchId, receivedAt);
    if (policy) return { key: KIND_RESOLVE[kind].key, policy };
    return categoryCode === null
      ? KIND_RESOLVE[kind].key
      : policyKey(CATEGORY_RESOLVE, { category: categoryCode });
  }
}
