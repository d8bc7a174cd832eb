import { compareQuantity, moneyToJson, multiplyRatio, parseMoney, ratio, roundRatio } from '@steward/kernel';
import { Tally, type Finding } from '../report.js';
import type { Bill } from './bills.js';
import { lineKey, type Chain, type Line } from './chains.js';
import type { Rates } from './rates.js';
import { changeWithin, wholeBefore } from './whole-reading.js';

/** What the platform charged for a meter from a day to a day, by `lineKey`; amounts as decimals. */
export type Charged = ReadonlyMap<string, string>;

export type Given = Readonly<{
  bills: readonly Bill[];
  chains: readonly Chain[];
  rates: Rates;
  /** what the months were charged at last */
  charged: Charged;
  /** what bills with a change of price were charged by days alone */
  byDays: Charged;
}>;

type Whole = Bill & Readonly<{ from: string; to: string }>;

/** Holds the platform's charges against the bills, row by row. */
export function compareBills(given: Given): Finding[] {
  const lines = new Map(given.chains.flatMap((chain) => chain.lines.map((line) => [lineKey(line), line])));
  const apart = new Set(given.rates.ownComparison);
  const comparable = given.bills.filter(isComparable);
  return [
    compareMonths(
      comparable.filter(({ month }) => !apart.has(month)),
      lines,
      given,
    ),
    ...compareApart(
      comparable.filter(({ month }) => apart.has(month)),
      lines,
      given,
    ),
    compareOnce(lines, given.charged),
    leftOut(given.bills),
  ];
}

/** A row that tells its days and a charge. */
const isComparable = (bill: Bill): bill is Whole => whyNot(bill) === null;

function whyNot({ from, to, charge, other }: Bill): string | null {
  if (from === null || to === null || to <= from) return 'the row has no days of service';
  if (/[1-9]/.test(charge)) return null;
  return /[1-9]/.test(other) ? 'only other charges than by water used' : 'the row charges nothing';
}

function leftOut(bills: readonly Bill[]): Finding {
  const tally = new Tally('rows that cannot be compared', { least: 0 });
  for (const bill of bills) {
    const why = whyNot(bill);
    if (why) tally.differ(why, sentence(bill));
  }
  return tally.finding();
}

function compareMonths(
  bills: readonly Whole[],
  lines: ReadonlyMap<string, Line>,
  { rates, charged }: Given,
): Finding {
  const tally = new Tally('charges, months without a change of price', { least: 0.95, some: true });
  for (const bill of bills) {
    const ours = charged.get(lineKey(bill));
    const cause = ours === undefined ? 'overlaps' : causeOf(bill, ours, lines, rates);
    if (cause === null) tally.agree();
    else tally.differ(CAUSES[cause], `${sentence(bill)}, the platform ${ours ?? 'nothing'}`);
  }
  return tally.finding();
}

const CAUSES = {
  overlaps: 'the source bills days of this meter a second time; the platform charges a day once',
  restated: 'the row repeats a bill with another use than the one charged',
  minimum: 'charged the minimum although the use shown is above it: the use is rounded',
  unmetered: 'not charged by a meter, on another basis',
  other: 'another charge than the rates give',
} as const;

function causeOf(
  bill: Whole,
  ours: string,
  lines: ReadonlyMap<string, Line>,
  rates: Rates,
): keyof typeof CAUSES | null {
  const { currency } = rates.tariffs[0]!.terms;
  const used = lines.get(lineKey(bill))?.bill.used ?? bill.used;
  const restated = compareQuantity(used, bill.used) !== 0;
  if (sameMoney(ours, bill.charge, currency)) return restated ? 'restated' : null;
  if (!/\d/.test(bill.meter)) return 'unmetered';
  return sameMoney(minimumOf(bill, rates), bill.charge, currency) ? 'minimum' : 'other';
}

/** The least that the days of a bill cost. */
function minimumOf({ from, to }: Whole, { tariffs }: Rates): string {
  const { minimum, multiplier, currency } = tariffs.findLast(({ validFrom }) => validFrom <= to)!.terms;
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
  const exact = multiplyRatio(multiplyRatio(ratio(minimum), ratio(multiplier)), ratio(days));
  return moneyToJson({ minor: roundRatio(exact, 2), currency }).amount;
}

const sameMoney = (a: string, b: string, currency: string): boolean =>
  parseMoney({ amount: a, currency }).minor === parseMoney({ amount: b, currency }).minor;

/** Bills with a change of price inside are compared for themselves, and counted as equal nowhere else. */
function compareApart(
  bills: readonly Whole[],
  lines: ReadonlyMap<string, Line>,
  { rates, charged, byDays }: Given,
): Finding[] {
  const { currency } = rates.tariffs[0]!.terms;
  const split = new Tally('bills with a change of price, split by days', { least: 0 });
  const read = new Tally('the same, with a whole-number reading on the day of change', { least: 0 });
  for (const bill of bills) {
    const line = lines.get(lineKey(bill));
    const days = byDays.get(lineKey(bill));
    if (days !== undefined && sameMoney(days, bill.charge, currency)) split.agree();
    else split.differ(days === undefined ? 'not charged' : 'not split by days', example(bill, days));
    const ours = charged.get(lineKey(bill));
    const change = changeWithin(bill, rates);
    const whole = line && change ? wholeBefore(line, change, currency) : null;
    if (whole && ours !== undefined && sameMoney(ours, bill.charge, currency))
      read.agreeAs(
        'a whole number explains the charge to the cent',
        `${sentence(bill)}: ${whole.before} before`,
      );
    else if (whole && ours !== undefined)
      read.differ(
        'a whole number explains the charge but for cents: within 0.1 HCF',
        `${example(bill, ours)}: ${whole.before} before`,
      );
    else read.differ(whyUnexplained(bill, ours, change !== null, rates), example(bill, ours));
  }
  return [split.finding(), read.finding()];
}

function whyUnexplained(bill: Whole, ours: string | undefined, changes: boolean, rates: Rates): string {
  const { currency } = rates.tariffs[0]!.terms;
  if (ours === undefined) return CAUSES.overlaps;
  if (!changes) return 'no change of price within the days of the bill';
  if (sameMoney(minimumOf(bill, rates), bill.charge, currency))
    return 'the minimum, which no reading changes';
  if (!/\d/.test(bill.meter)) return CAUSES.unmetered;
  return 'no whole number explains the charge';
}

/** Each line is charged once, and nothing else is. */
function compareOnce(lines: ReadonlyMap<string, Line>, charged: Charged): Finding {
  const tally = new Tally('each meter and day charged once', { least: 1, some: true });
  for (const key of lines.keys())
    if (charged.has(key)) tally.agree();
    else tally.differ('not charged', key);
  for (const [key, amount] of charged)
    if (!lines.has(key)) tally.differ('charged without a bill', `${key}: ${amount}`);
  return tally.finding();
}

const example = (bill: Bill, ours: string | undefined): string =>
  `${sentence(bill)}, the platform ${ours ?? 'nothing'}`;

const sentence = ({ rowNumber, billId, meter, from, to, used, charge }: Bill): string =>
  `row ${rowNumber}, bill ${billId}, meter ${meter}, ${from ?? '?'} to ${to ?? '?'}, ${used} HCF: charged ${charge}`;
