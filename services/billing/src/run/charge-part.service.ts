import { Injectable } from '@nestjs/common';
import { formatLocalDate, fromLocalTime, parseLocalDate, toLocalDate } from '@steward/kernel';
import type { CallContext, Tx } from '@steward/platform';
import { createHash } from 'node:crypto';
import { accountKey, AccountService } from '../account/account.service.js';
import { BARE_CHARGE, type NewCharge } from '../charge/charge.js';
import { ChargeService } from '../charge/charge.service.js';
import type { FeeItem } from '../fee-item/fee-item.repository.js';
import { OccupancyRepository } from '../occupancy/occupancy.repository.js';
import { IntervalReadingRepository } from '../reading/interval-reading.repository.js';
import { ReadingService } from '../reading/reading.service.js';
import { dayBeside, type Interval } from '../tariff/tariff.rules.js';
import { TariffRepository } from '../tariff/tariff.repository.js';
import type { Assessed, Draft, Known, Problem } from './assessment.js';
import type { BillingRun } from './billing-run.js';
import { assessInterval } from './interval.rules.js';
import { assessMetered } from './metered.rules.js';
import { periodDays } from './period.rules.js';
import { assessRecurring } from './recurring.rules.js';
import { assessShare } from '../shared-cost/shared-cost.rules.js';
import { chargedKey, SubjectRepository, type Placed } from './subject.repository.js';

/** How many units, meters or shares one transaction looks at: bounds memory and locks whatever a branch holds. */
const PART = { recurring: 500, metered: 300, interval: 10, shared: 500 } as const;

/** Readings before the period that a span may need: the one that billed last, and changes of price since. */
const BEFORE = 8;

/** What a part of a run came to. `last` is where the next one goes on; null: the item is through. */
export type Part = Readonly<{
  drafts: readonly Draft[];
  problems: readonly Problem[];
  looked: number;
  last: string | null;
}>;

/** A metered span may have begun long before the period, and a common cost may end long after it. */
const ALL_DAYS = { from: '1900-01-01', to: '9999-12-31' };

type Assess = (subject: Placed, known: Known) => Assessed;

/** One part of a run: what some units or meters owe of one item, and the charges for it; all in a few statements. */
@Injectable()
export class ChargePartService {
  constructor(
    private readonly subjects: SubjectRepository,
    private readonly occupancies: OccupancyRepository,
    private readonly tariffs: TariffRepository,
    private readonly series: IntervalReadingRepository,
    private readonly readings: ReadingService,
    private readonly accounts: AccountService,
    private readonly charges: ChargeService,
  ) {}

  /** What the next units or meters of an item owe. */
  async assess(tx: Tx, run: BillingRun, item: FeeItem): Promise<Part> {
    const limit = item.kind === 'single' ? 0 : PART[item.kind];
    const period = periodDays(run.period);
    const { subjects, assess } = await this.load(tx, run, item, period, limit);
    if (subjects.length === 0) return { drafts: [], problems: [], looked: 0, last: null };
    const units = [...new Set(subjects.map(({ propertyUnitId }) => propertyUnitId))];
    const occupancies = await this.occupancies.of(tx, units, ALL_DAYS);
    const tariffs = await this.tariffs.published(tx, [item.id], ALL_DAYS);
    const since = item.kind === 'metered' ? ALL_DAYS.from : period.from;
    const charged = await this.subjects.charged(tx, subjects, item.code, since);
    const found = subjects.map((subject) => {
      const known: Known = {
        item,
        tariffs,
        occupancies: occupancies.get(subject.propertyUnitId) ?? [],
        charged: charged.get(chargedKey(subject)) ?? [],
      };
      return assess(subject, known);
    });
    return {
      drafts: found.flatMap(({ drafts }) => drafts),
      problems: found.flatMap(({ problems }) => problems),
      looked: subjects.length,
      last: subjects.length < limit ? null : subjects.at(-1)!.position,
    };
  }

  /** Raises the charges; gives those that were not charged already by anything else. Tells `held` as `ChargeService`. */
  async raise(
    tx: Tx,
    ctx: CallContext,
    run: BillingRun,
    item: FeeItem,
    drafts: readonly Draft[],
    held: () => void,
  ): Promise<NewCharge[]> {
    const bookedOn = toLocalDate(run.requestedAt, await this.readings.timeZoneOf(run.branchId));
    const dueOn = daysAfter(bookedOn, item.dueDays);
    const wanted = drafts.map(({ siteId, customerId, propertyUnitId }) => ({
      branchId: run.branchId,
      siteId,
      customerId,
      propertyUnitId,
    }));
    const accounts = await this.accounts.open(tx, ctx, wanted, bookedOn);
    const charges = drafts.map((draft, index): NewCharge => {
      const { amount, use: _use, area: _area, ...rest } = draft;
      return {
        ...BARE_CHARGE,
        ...rest,
        id: chargeId(run, item, draft, index),
        branchId: run.branchId,
        accountId: accounts.get(accountKey(wanted[index]!))!.id,
        feeItemCode: item.code,
        kind: 'run',
        runId: run.id,
        amountMinor: amount.minor,
        currency: amount.currency,
        bookedOn,
        dueOn,
      };
    });
    return this.charges.raise(tx, ctx, charges, held);
  }

  private async load(
    tx: Tx,
    run: BillingRun,
    item: FeeItem,
    period: Interval,
    limit: number,
  ): Promise<{ subjects: readonly Placed[]; assess: Assess }> {
    const part = { branchId: run.branchId, after: run.position, limit };
    if (item.kind === 'recurring') {
      const subjects = await this.subjects.units(tx, part, item);
      return { subjects, assess: (subject, known) => assessRecurring(bare(subject), period, known) };
    }
    if (item.kind === 'shared') {
      const subjects = await this.subjects.shares(tx, part, item, period);
      const byPlace = new Map(subjects.map((one) => [one.position, one]));
      return {
        subjects,
        assess: (subject, known) => assessShare(bare(subject), byPlace.get(subject.position)!, known),
      };
    }
    if (item.kind === 'single') return { subjects: [], assess: () => ({ drafts: [], problems: [] }) };
    return this.loadMeters(tx, run, item, period, part);
  }

  private async loadMeters(
    tx: Tx,
    run: BillingRun,
    item: FeeItem,
    period: Interval,
    part: { branchId: string; after: string | null; limit: number },
  ): Promise<{ subjects: readonly Placed[]; assess: Assess }> {
    const subjects = await this.subjects.meters(tx, part, item, period);
    const ids = subjects.map(({ meterId }) => meterId!);
    const meters = new Map(subjects.map((one) => [one.meterId, one]));
    if (item.kind === 'metered') {
      const registers = await this.subjects.registers(tx, ids, period, BEFORE);
      return {
        subjects,
        assess: (subject, known) => {
          const meter = meters.get(subject.meterId)!;
          return assessMetered(bare(subject), meter, period, registers.get(subject.meterId!) ?? [], known);
        },
      };
    }
    const timeZone = await this.readings.timeZoneOf(run.branchId);
    const from = fromLocalTime(`${period.from}T00:00:00`, timeZone);
    const to = fromLocalTime(`${dayBeside(period.to, 1)}T00:00:00`, timeZone);
    const series = await this.series.of(tx, ids, from, to);
    return {
      subjects,
      assess: (subject, known) => {
        const readings = series.get(subject.meterId!) ?? [];
        const place = { minutes: readings[0]?.minutes ?? 30, timeZone, acceptGaps: run.acceptGaps };
        return assessInterval(bare(subject), period, { readings, ...place }, known);
      },
    };
  }
}

const bare = ({ propertyUnitId, siteId, use, area, meterId }: Placed) => ({
  propertyUnitId,
  siteId,
  use,
  area,
  meterId,
});

const daysAfter = (day: string, days: number): string => formatLocalDate(parseLocalDate(day) + days);

/**
 * The id of a run's charge follows from what it charges, so a part that is repeated after a crash makes the same bytes. It
 * begins with the run's time and its place in the run: ids in order fill an index page by page.
 */
function chargeId(run: BillingRun, item: FeeItem, draft: Draft, at: number): string {
  const key = [run.id, item.code, draft.propertyUnitId, draft.meterId ?? '', draft.serviceFrom].join('/');
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 12);
  const time = run.requestedAt.getTime().toString(16).padStart(12, '0');
  const place = ((run.lookedAt + at) % 0x1000000).toString(16).padStart(6, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-8${place.slice(0, 3)}-8${place.slice(3)}-${hash}`;
}
