import { Injectable } from '@nestjs/common';
import { DUE_DAYS } from '@steward/contracts';
import { Directory, Policies } from '@steward/directory';
import {
  formatLocalDate,
  notFound,
  parseLocalDate,
  toLocalDate,
  unavailable,
  type DomainError,
} from '@steward/kernel';
import type { CallContext, NumberSeries } from '@steward/platform';

/** A branch as its books see it. */
export type Branch = Readonly<{ id: string; code: string; timeZone: string }>;

/** Days, numbers and terms of payment of branches. */
@Injectable()
export class BranchService {
  constructor(
    private readonly directory: Directory,
    private readonly policies: Policies,
  ) {}

  /** A branch of which a record or fact speaks; @throws DomainError `billing.branch-unknown` (503) until it is known. */
  async of(branchId: string): Promise<Branch> {
    const branch = await this.directory.branch(branchId);
    if (!branch) throw unavailable('billing.branch-unknown', 'This branch is not known here yet.');
    return { id: branchId, code: branch.code, timeZone: branch.timeZone ?? 'UTC' };
  }

  /** The branch of a place that the caller names; one out of the write scope is answered like one that is not there. */
  async writable(
    ctx: CallContext,
    place: Readonly<{ branchId: string; siteId?: string | null }>,
  ): Promise<Branch> {
    const unknown = { branch: branchUnknown, site: branchUnknown };
    const { id, code, timeZone } = await this.directory.writableBranch(ctx, place, unknown);
    return { id, code, timeZone: timeZone ?? 'UTC' };
  }

  /** The branch's local day of an instant. */
  async dayOf(branchId: string, at: Date): Promise<string> {
    return toLocalDate(at, (await this.of(branchId)).timeZone);
  }

  /** The day on which something charged on a local day is due, by the policy of that time. */
  async dueOn(branchId: string, chargedOn: string, at: Date): Promise<string> {
    const { value } = await this.policies.resolve(DUE_DAYS, branchId, at);
    return formatLocalDate(parseLocalDate(chargedOn) + value);
  }

  /** The series of numbers of a form in the business year of a local day (ORG-05). */
  async series(branchId: string, form: string, on: string): Promise<NumberSeries> {
    const { code } = await this.of(branchId);
    return { branchId, branchCode: code, form, year: Number(on.slice(0, 4)) };
  }
}

export const branchUnknown = (): DomainError =>
  notFound('billing.branch-unknown', 'There is no such branch or site in your scope.');
