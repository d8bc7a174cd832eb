import { parseMoney } from '@steward/kernel';
import type { GatewayClient } from '../gateway-client.js';
import { Tally, type Finding } from '../report.js';
import { begunMonths, daysLate, standingsOf, type Standing } from './expected.js';
import type { Customer, History, Month } from './history.js';
import { lastDay, movesOf } from './moves.js';
import { CURRENCY, type Place } from './set-up.js';

type Money = Readonly<{ amount: string; currency: string }>;
type Ages = Readonly<Record<'notDue' | 'overdue' | 'total' | 'credit' | (typeof AGES)[number], Money>>;
type Arrears = Ages & Readonly<{ id: string; asOf: string; oldestDueOn: string | null; monthsLate: number }>;
type TrialBalance = Readonly<{
  lines: readonly Readonly<{ account: string; balance: Money }>[];
  totals: readonly Money[];
}>;

const AGES = ['days1To30', 'days31To60', 'days61To90', 'days91To180'] as const;
const fen = (money: Money): bigint => parseMoney(money).minor;
const dollars = (amount: bigint): bigint => amount * 100n;

type Asked = Readonly<{
  api: GatewayClient;
  place: Place;
  history: History;
  ids: ReadonlyMap<string, string>;
}>;

/** Holds what the platform says at the end of each month against the file. */
export async function compareHistory({ api, place, history, ids }: Asked): Promise<Finding[]> {
  const { customers } = history;
  const standings = new Map(customers.map((customer) => [customer.id, standingsOf(customer)]));
  const statements = new Tally('what is owed at the end of a month equals the statement', whole);
  const ages = new Tally('arrears by age and months late equal a reckoning of their own', whole);
  const books = new Tally('the ledger equals the accounts at the end of a month', whole);
  const words = new Tally("months late against the source's own words", { least: 0 });
  for (const [at, { month }] of customers[0]!.months.entries()) {
    const arrears = await readArrears(api, place, lastDay(month));
    for (const customer of customers) {
      const told = customer.months[at]!;
      const expected = standings.get(customer.id)![at]!;
      const found = arrears.get(ids.get(customer.id)!);
      const sentence = `customer ${customer.id}, ${month}`;
      compareStatement(statements, told, found, sentence);
      compareAges(ages, expected, found, sentence);
      compareWords(words, told, found ? monthEnds(found) : 0, at, sentence);
    }
    await compareBooks(books, api, place, lastDay(month), [...arrears.values()]);
  }
  return [statements.finding(), ages.finding(), books.finding(), words.finding(), notTold(history)];
}

const whole = { least: 1, some: true } as const;

async function readArrears(
  api: GatewayClient,
  { branchId }: Place,
  asOf: string,
): Promise<Map<string, Arrears>> {
  const arrears = new Map<string, Arrears>();
  const query = { branchId, asOf, currency: CURRENCY, sort: 'id' };
  for await (const row of api.list<Arrears>('/arrears', query)) arrears.set(row.id, row);
  return arrears;
}

function compareStatement(tally: Tally, told: Month, found: Arrears | undefined, sentence: string): void {
  const owed = found ? fen(found.total) - fen(found.credit) : 0n;
  if (owed === dollars(told.bill)) tally.agree();
  else tally.differ('another amount', `${sentence}: statement ${told.bill}, platform ${owed} / 100`);
}

/** Each age in the platform's words, and the days after the due day in which it ends. */
const ENDS = [0, 30, 60, 90, 180];

function compareAges(tally: Tally, expected: Standing, found: Arrears | undefined, sentence: string): void {
  const { asOf, debts } = expected;
  const wanted = ENDS.map((end, at) =>
    debts
      .filter(({ dueOn }) => {
        const days = daysLate(dueOn, asOf);
        return days <= end && days > (ENDS[at - 1] ?? -1);
      })
      .reduce((sum, { amount }) => sum + dollars(amount), 0n),
  );
  const given = found ? [found.notDue, ...AGES.map((age) => found[age])].map(fen) : wanted.map(() => 0n);
  const months = Math.max(0, ...debts.map(({ dueOn }) => begunMonths(dueOn, asOf)));
  const [same, count] = [wanted.every((amount, at) => amount === given[at]), found?.monthsLate ?? 0];
  if (same && count === months) return tally.agree();
  tally.differ(
    same ? 'other months late' : 'another age',
    `${sentence}: expected ${wanted.join(' ')} and ${months} months, platform ${given.join(' ')} and ${count}`,
  );
}

/** Ends of months since the oldest debt was due, as the source counts. */
function monthEnds({ oldestDueOn, asOf }: Arrears): number {
  if (oldestDueOn === null) return 0;
  const number = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
  return number(asOf) - number(oldestDueOn);
}

/** What the source calls a month: paid in full (below 0), a minimum paid (0), or so many months late. */
function compareWords(tally: Tally, { status }: Month, ours: number, at: number, sentence: string): void {
  const example = `${sentence}: source ${status}, platform ${ours}`;
  // the first debts of the file can be late from its third month on
  if (at < 2) return tally.differ('not derivable: debts from before the file have no due day', example);
  if (status === 0)
    return tally.differ('not derivable: a minimum was paid, which the source does not tell', example);
  if (status < 0) {
    if (ours === 0) return tally.agree();
    return tally.differ('paid by the source, though the statement was not paid in full', example);
  }
  if (ours === status) return tally.agree();
  if (ours === 0)
    return tally.differ('late by the source, though each statement was paid in full in time', example);
  tally.differ('late by both, by another number: the source counts missed minimums', example);
}

async function compareBooks(
  tally: Tally,
  api: GatewayClient,
  { branchId }: Place,
  to: string,
  arrears: readonly Arrears[],
): Promise<void> {
  const { lines, totals } = await api.get<TrialBalance>('/ledger/trial-balance', { branchId, to });
  const balance = (account: string): bigint => {
    const line = lines.find((each) => each.account === account);
    return line ? fen(line.balance) : 0n;
  };
  const sum = (of: 'total' | 'credit'): bigint => arrears.reduce((total, row) => total + fen(row[of]), 0n);
  const checks: readonly (readonly [string, bigint, bigint])[] = [
    ['receivable', balance('receivable'), sum('total')],
    ['prepaid', -balance('prepaid'), sum('credit')],
    ['sum of the ledger', totals.reduce((total, money) => total + fen(money), 0n), 0n],
  ];
  for (const [name, ledger, accounts] of checks)
    if (ledger === accounts) tally.agree();
    else tally.differ(name, `${to}: ledger ${ledger}, accounts ${accounts}`);
}

/** What nobody can tell from the file, with the number of places. */
function notTold({ customers, rounded }: History): Finding {
  const tally = new Tally('what the file does not tell', { least: 0 });
  const each = (cause: string, places: readonly string[]): void => {
    for (const place of places) tally.differ(cause, place);
  };
  const of = (pick: (customer: Customer) => readonly string[]): string[] => customers.flatMap(pick);
  each(
    'the day of a payment: taken as the 15th of its month',
    of((customer) =>
      movesOf(customer)
        .filter(({ kind }) => kind === 'payment')
        .map(({ month }) => `customer ${customer.id}, ${month}`),
    ),
  );
  each(
    'for what a first payment was: the statement before the file is missing, so it is left out',
    of(({ id, months }) => (months[0]!.paid > 0n ? [`customer ${id}: ${months[0]!.paid}`] : [])),
  );
  each(
    'why a statement fell by more than was paid: taken as a credit',
    of((customer) =>
      movesOf(customer)
        .filter(({ kind }) => kind === 'credit')
        .map(({ month, amount }) => `customer ${customer.id}, ${month}: ${amount}`),
    ),
  );
  each('amounts that a spreadsheet rounded: taken as written', rounded);
  return tally.finding();
}
