import type { DomainError, Money } from '@steward/kernel';
import type { FeeItem } from '../fee-item/fee-item.repository.js';
import type { Occupancy } from '../occupancy/payer.rules.js';
import type { ListedTariff } from '../tariff/applicable.rules.js';
import type { Interval } from '../tariff/tariff.rules.js';

/** What is charged: a unit, or a meter of it. */
export type Subject = Readonly<{
  propertyUnitId: string;
  siteId: string;
  use: string;
  area: string | null;
  meterId: string | null;
}>;

/** What a run knows of one subject: who had the unit, which prices are listed, which days are charged already. */
export type Known = Readonly<{
  item: Pick<FeeItem, 'payer'>;
  occupancies: readonly Occupancy[];
  tariffs: readonly ListedTariff[];
  charged: readonly Interval[];
}>;

/** A charge to raise. */
export type Draft = Subject &
  Readonly<{
    customerId: string;
    serviceFrom: string;
    serviceTo: string;
    amount: Money;
    tariffIds: readonly string[];
    explanation: unknown;
  }>;

/** What could not be charged, and why (BIL-04). */
export type Problem = Readonly<{
  propertyUnitId: string | null;
  meterId: string | null;
  code: string;
  detail: string;
  from: string;
  to: string;
}>;

export type Assessed = Readonly<{ drafts: readonly Draft[]; problems: readonly Problem[] }>;

/** Collects what one subject comes to; a refusal of the rules becomes a problem of its days, and nothing else stops. */
export class Assessment {
  readonly drafts: Draft[] = [];
  readonly problems: Problem[] = [];

  constructor(private readonly subject: Pick<Subject, 'propertyUnitId' | 'meterId'>) {}

  attempt({ from, to }: Interval, work: () => Draft | readonly Draft[]): void {
    try {
      this.drafts.push(...[work()].flat());
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.problem({ from, to }, error.code, error.message);
    }
  }

  problem({ from, to }: Interval, code: string, detail: string): void {
    const { propertyUnitId, meterId } = this.subject;
    this.problems.push({ propertyUnitId, meterId, code, detail, from, to });
  }
}

const isRefusal = (error: unknown): error is DomainError =>
  error instanceof Error && 'code' in error && 'kind' in error && error.kind !== 'unavailable';
