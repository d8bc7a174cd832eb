import { formatLocalDate, parseLocalDate } from '@steward/kernel';
import { readCsv } from '../csv-records.js';

/** The columns without which a file is not one of this source. */
export const BILL_COLUMNS = [
  'Development_Name',
  'Account_Name',
  'EDP',
  'UMIS_BILL_ID',
  'Revenue_Month',
  'Service_Start_Date',
  'Service_End_Date',
  '#_days',
  'Meter_Number',
  'Estimated',
  'Water_Sewer_Charges',
  'Other_Charges',
  'Bill_Analyzed',
  'Consumption_HCF',
] as const;

/** A row of the bills. Days are ISO; from and to are the days of the readings; null where the row says nothing. */
export type Bill = Readonly<{
  rowNumber: number;
  billId: string;
  development: string;
  account: string;
  edp: string;
  meter: string;
  month: string;
  from: string | null;
  to: string | null;
  used: string;
  estimated: boolean;
  /** for water and sewer, which the rates are about */
  charge: string;
  other: string;
  /** the source's own check found something */
  exception: boolean;
}>;

export type Bills = Readonly<{ bills: readonly Bill[]; rows: number; repeats: number }>;

/** Reads the bills of a text; rows that repeat another one in every column count once. */
export function readBills(text: string): Bills {
  const seen = new Set<string>();
  const bills: Bill[] = [];
  let header: readonly string[] = [];
  let rows = 0;
  for (const { rowNumber, cells } of readCsv(text)) {
    if (!cells) continue;
    if (header.length === 0) {
      header = cells.map((name) => name.trim());
      continue;
    }
    rows += 1;
    const key = JSON.stringify(cells);
    if (seen.has(key)) continue;
    seen.add(key);
    bills.push(toBill(rowNumber, (column) => cells[header.indexOf(column)]?.trim() ?? ''));
  }
  return { bills, rows, repeats: rows - bills.length };
}

function toBill(rowNumber: number, cell: (column: (typeof BILL_COLUMNS)[number]) => string): Bill {
  return {
    rowNumber,
    billId: cell('UMIS_BILL_ID'),
    development: cell('Development_Name'),
    account: cell('Account_Name'),
    edp: cell('EDP'),
    meter: cell('Meter_Number'),
    month: cell('Revenue_Month'),
    from: isoDay(cell('Service_Start_Date')),
    to: isoDay(cell('Service_End_Date')),
    used: cell('Consumption_HCF') || '0',
    estimated: cell('Estimated') === 'Y',
    charge: cell('Water_Sewer_Charges') || '0',
    other: cell('Other_Charges') || '0',
    exception: cell('Bill_Analyzed') === 'Exception',
  };
}

function isoDay(text: string): string | null {
  const [, month, day, year] = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text) ?? [];
  return year === undefined ? null : formatLocalDate(parseLocalDate(`${year}-${month}-${day}`));
}
