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
  const place = await makePlace(api, [data.digest, ratesText], rates);
  say(`branch ${place.branch}`);
  await registerMeters(api, place, chains, rates.item, say);
  const readings = chains.flatMap((chain) => chain.readings.map((reading) => readingCells(chain, reading)));
  const at = { branch: place.branch, source: SOURCE, say };
  await importRows(api, 'readings', readings, at, ['reading.meter-unknown']);

  const apart = monthsOf(chains, new Set(rates.ownComparison));
  const dryRuns = [];
  for (const month of apart) dryRuns.push(await runMonth(api, place, month, true));
  const byDays = await readCharged(api, place, dryRuns);
  say(`${byDays.size} lines by days in ${apart.join(', ')}`);
  const marks = marksOf(chains, rates);
  if (marks.length > 0) await importRows(api, 'readings', marks, at);
  for (const month of monthsOf(chains)) {
    const { charges, exceptions } = await runMonth(api, place, month, false);
    say(`${month}: ${charges} charges, ${exceptions} exceptions`);
  }
  const charged = await readCharged(api, place);
  return compareBills({ bills, chains, rates, charged, byDays });
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
