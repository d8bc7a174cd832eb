import { readCsv } from '../csv-records.js';
import { OracleError } from '../oracle-error.js';

const MONTHS = ['2005-04', '2005-05', '2005-06', '2005-07', '2005-08', '2005-09'] as const;
const BILLS = MONTHS.map((_, at) => `BILL_AMT${6 - at}`);
const PAID = MONTHS.map((_, at) => `PAY_AMT${6 - at}`);
const STATUS = ['PAY_6', 'PAY_5', 'PAY_4', 'PAY_3', 'PAY_2', 'PAY_0'] as const;

/** The columns by which a file of this source is known. */
export const HISTORY_COLUMNS: readonly string[] = ['ID', ...BILLS, ...PAID, ...STATUS];

/** What the source tells of one customer and month: whole dollars; `status` is 1 to 9 months late, 0 and below not. */
export type Month = Readonly<{ month: string; bill: bigint; paid: bigint; status: number }>;

export type Customer = Readonly<{ id: string; months: readonly Month[] }>;

export type History = Readonly<{
  customers: readonly Customer[];
  /** cells that a spreadsheet had rounded (`1.00E+05`) */
  rounded: readonly string[];
}>;

/** Reads one file of the source. @throws OracleError for a cell that is no amount. */
export function readHistory(text: string): History {
  const [head, ...records] = readCsv(text);
  const header = head?.cells ?? [];
  const rounded: string[] = [];
  const customers = records.flatMap(({ rowNumber, cells }) => {
    if (!cells) throw new OracleError(`Row ${rowNumber} cannot be read.`);
    const cell = (column: string): string => cells[header.indexOf(column)]!.trim();
    const amount = (column: string): bigint => {
      const text = cell(column);
      if (/E/i.test(text)) rounded.push(`customer ${cell('ID')}: ${column} is ${text}`);
      const value = Number(text);
      if (text === '' || !Number.isSafeInteger(value))
        throw new OracleError(`Row ${rowNumber}: ${column} is no amount: ${text}`);
      return BigInt(value);
    };
    const months = MONTHS.map((month, at) => ({
      month,
      bill: amount(BILLS[at]!),
      paid: amount(PAID[at]!),
      status: Number(amount(STATUS[at]!)),
    }));
    return [{ id: cell('ID'), months }];
  });
  return { customers, rounded };
}
