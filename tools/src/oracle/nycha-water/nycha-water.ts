import { readFile } from 'node:fs/promises';
import { openDataFolder } from '../boston311/data-folder.js';
import { GatewayClient, type GatewayAccess } from '../gateway-client.js';
import { OracleError } from '../oracle-error.js';
import type { Finding } from '../report.js';
import { BILL_COLUMNS, readBills } from './bills.js';
import { chainsOf, lineKey, type Chain, type ReadingRow } from './chains.js';
import { compareBills } from './compare.js';
import { monthsOf, readCharged, runMonth } from './months.js';
import { loadRates, type Rates } from './rates.js';
import { importRows, type Cells } from '../import-rows.js';
import { makePlace, registerMeters, SOURCE } from './set-up.js';
import { changeWithin, markValue, wholeBefore } from './whole-reading.js';

type Say = (line: string) => void;

/**
 * Runs the water bills of a data folder through the platform: accounts, meters, readings and prices come in by their
 * services, each month is a billing run, and what it charges is held against the bills to the cent.
 */
export async function runNychaWater(
  access: GatewayAccess,
  folder: string,
  tariffs: string,
  say: Say,
): Promise<Finding[]> {
  const { rates, text: ratesText } = await loadRates(tariffs);
  const data = await openDataFolder(folder, BILL_COLUMNS, []);
  if (data.files.length === 0)
    throw new OracleError('The folder holds no CSV file with the header of this source.');
  const texts = await Promise.all(data.files.map(({ path }) => readFile(path, 'utf8')));
  const read = texts.map(readBills);
  const bills = read.flatMap((one) => one.bills);
  const chains = chainsOf(bills);
  const rows = read.reduce((sum, one) => sum + one.rows, 0);
  say(`${rows} rows, ${bills.length} unique, ${chains.length} meters`);
  const api = new GatewayClient(access);
  const contents = [data.digest, ratesText];
  const apart = bills.filter(({ month }) => rates.ownComparison.includes(month));
  const byDays = await charge(api, chainsOf(apart), { contents: [...contents, 'by days'], rates, say });
  const charged = await charge(api, chains, { contents, rates, say, marks: marksOf(chains, rates) });
  return compareBills({ bills, chains, rates, charged, byDays });
}

type Given = Readonly<{
  /** what the bills of this branch are made from */
  contents: readonly string[];
  rates: Rates;
  say: Say;
  /** readings on days on which a price changes */
  marks?: readonly Cells[];
}>;

/** Brings chains into a branch of their own, charges them month by month, and gives what was charged. */
async function charge(
  api: GatewayClient,
  chains: readonly Chain[],
  { contents, rates, say, marks = [] }: Given,
): Promise<ReadonlyMap<string, string>> {
  if (chains.length === 0) return new Map();
  const place = await makePlace(api, contents, rates);
  const at = { branch: place.branch, source: SOURCE, say };
  say(`branch ${place.branch}: ${chains.length} meters`);
  await registerMeters(api, place, chains, rates.item, say);
  const readings = chains.flatMap((chain) => chain.readings.map((reading) => readingCells(chain, reading)));
  await importRows(api, 'readings', [...readings, ...marks], at, ['reading.meter-unknown']);
  for (const month of monthsOf(chains)) {
    const { charges, exceptions } = await runMonth(api, place, month);
    say(`${month}: ${charges} charges, ${exceptions} exceptions`);
  }
  return readCharged(api, place);
}

const readingCells = ({ serial }: Chain, { day, value, kind, estimated }: ReadingRow): Cells => ({
  id: `${serial} ${day}`,
  serial,
  day,
  value,
  kind,
  estimated: String(estimated),
  checked: 'true',
});

/** The whole-number readings on the day of change that explain the bills which are compared apart. */
function marksOf(chains: readonly Chain[], rates: Rates): Cells[] {
  const { currency } = rates.tariffs[0]!.terms;
  return chains.flatMap((chain) =>
    chain.lines
      .filter(({ bill }) => rates.ownComparison.includes(bill.month))
      .flatMap((line) => {
        const change = changeWithin(line, rates);
        const whole = change && wholeBefore(line, change, currency);
        if (!change || !whole) return [];
        const value = markValue(chain.starts.get(lineKey(line))!, whole.before);
        return [readingCells(chain, { day: change.day, value, kind: 'tariff-change', estimated: false })];
      }),
  );
}
