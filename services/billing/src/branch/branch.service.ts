import { Injectable } from '@nestjs/common';
import { DUE_DAYS } from '@steward/contracts';
import { Directory, Policies } from '@steward/directory';
import { formatLocalDate, notFound, parseLocalDate, toLocalDate, unavailable } from '@steward/kernel';
import { inScope, type CallContext, type NumberSeries } from '@steward/platform';

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

  /** A branch that the caller names; one out of the write scope is answered like one that is not there. */
  async writable(ctx: CallContext, branchId: string): Promise<Branch> {
    const branch = await this.directory.branch(branchId);
    if (!branch?.active || !inScope(ctx.scope.write, { branchId })) throw branchUnknown();
    return this.of(branchId);
  }

  /** The branch of a site that the caller names, or of the branch itself where it names none. */
  async placeWritable(ctx: CallContext, place: { branchId: string; siteId: string | null }): Promise<Branch> {
    if (place.siteId === null) return this.writable(ctx, place.branchId);
    const site = await this.directory.unit(place.siteId);
    const fits = site?.kind === 'site' && site.branchId === place.branchId && site.active;
    if (!fits || !inScope(ctx.scope.write, place)) throw branchUnknown();
    return this.of(place.branchId);
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

export const branchUnknown = () =>
  notFound('billing.branch-unknown', 'There is no such branch or site in your scope.');
