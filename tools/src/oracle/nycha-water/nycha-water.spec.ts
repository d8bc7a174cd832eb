import { describe, expect, it } from '@jest/globals';
import { BILL_COLUMNS, readBills, type Bill } from './bills.js';
import { chainsOf, lineKey } from './chains.js';
import { compareBills } from './compare.js';
import { monthsOf } from './months.js';
import { loadRates } from './rates.js';
import { csvOf } from '../import-rows.js';
import { changeWithin, markValue, wholeBefore } from './whole-reading.js';
import { join } from 'node:path';

const RATES = join(import.meta.dirname, '../../../profiles/nycha-water/rates-2019.json');
const { rates } = await loadRates(RATES);

type Row = Partial<Record<(typeof BILL_COLUMNS)[number], string>>;
const row = (changes: Row): Record<string, string> => ({
  ...Object.fromEntries(BILL_COLUMNS.map((column) => [column, ''])),
  Development_Name: 'BAY VIEW',
  EDP: '670',
  UMIS_BILL_ID: '1',
  Revenue_Month: '2019-02',
  Service_Start_Date: '01/23/2019',
  Service_End_Date: '02/21/2019',
  Meter_Number: 'K1',
  Estimated: 'N',
  Water_Sewer_Charges: '474.75',
  Other_Charges: '0.0',
  Bill_Analyzed: 'Yes',
  Consumption_HCF: '47',
  ...changes,
});
const billsOf = (...rows: Row[]): readonly Bill[] => readBills(csvOf(rows.map(row))).bills;

describe('water bills as readings', () => {
  it('reads days and use, and counts what repeats in every column once', () => {
    const read = readBills(csvOf([row({}), row({}), row({ UMIS_BILL_ID: '2', Service_End_Date: '' })]));
    expect(read).toMatchObject({ rows: 3, repeats: 1 });
    expect(read.bills).toMatchObject([
      { rowNumber: 2, from: '2019-01-23', to: '2019-02-21', used: '47', charge: '474.75' },
      { rowNumber: 4, to: null },
    ]);
  });

  it('bills that follow each other share a reading; after a gap the register begins anew', () => {
    const [chain] = chainsOf(
      billsOf(
        { Service_Start_Date: '03/24/2019', Service_End_Date: '04/22/2019', Consumption_HCF: '7' },
        {},
        {
          Service_Start_Date: '02/21/2019',
          Service_End_Date: '03/20/2019',
          Consumption_HCF: '10',
          Estimated: 'Y',
        },
      ),
    );
    expect(chain!.readings).toEqual([
      { day: '2019-02-21', value: '47', kind: 'periodic', estimated: false },
      { day: '2019-03-20', value: '57', kind: 'periodic', estimated: true },
      { day: '2019-03-24', value: '57', kind: 'opening', estimated: false },
      { day: '2019-04-22', value: '64', kind: 'periodic', estimated: false },
    ]);
    expect(monthsOf([chain!])).toEqual(['2019-02', '2019-03', '2019-04']);
  });

  it('of bills that overlap as many stand as can, and of two uses the one without a fault', () => {
    const chains = chainsOf(
      billsOf(
        { Consumption_HCF: '4700', Bill_Analyzed: 'Exception' },
        {},
        { UMIS_BILL_ID: '2', Service_Start_Date: '12/01/2018', Service_End_Date: '06/30/2019' },
        { UMIS_BILL_ID: '3', Service_Start_Date: '02/21/2019', Service_End_Date: '03/20/2019' },
      ),
    );
    expect(chains[0]!.lines.map(({ bill, from }) => [bill.billId, from, bill.used])).toEqual([
      ['1', '2019-01-23', '47'],
      ['3', '2019-02-21', '47'],
    ]);
  });
});

describe('the whole number on the day of change', () => {
  const line = (used: string, charge: string) =>
    chainsOf(
      billsOf({
        Revenue_Month: '2019-07',
        Service_Start_Date: '06/20/2019',
        Service_End_Date: '07/23/2019',
        Consumption_HCF: used,
        Water_Sewer_Charges: charge,
      }),
    )[0]!.lines[0]!;

  it('is found where it explains the charge, to the cent or nearly', () => {
    const change = changeWithin(line('53', '1'), rates)!;
    expect(change).toMatchObject({ day: '2019-07-01', before: '3.90', after: '3.99' });
    // (3.90 × 20 + 3.99 × 33) × 2.59 = 543.0453
    expect(wholeBefore(line('53', '543.05'), change, 'USD')).toEqual({ before: '20', exact: true });
    expect(wholeBefore(line('53', '543.03'), change, 'USD')).toEqual({ before: '20', exact: false });
    expect(wholeBefore(line('53', '543.15'), change, 'USD')).toBeNull();
    expect(wholeBefore(line('53', '600'), change, 'USD')).toBeNull();
    expect(markValue('100', '20')).toBe('120');
  });

  it('is not looked for where no price changes', () => {
    expect(changeWithin({ from: '2019-07-01', to: '2019-07-23' }, rates)).toBeNull();
    expect(changeWithin({ from: '2019-06-20', to: '2019-07-01' }, rates)).toBeNull();
  });
});

describe('comparing with the bills', () => {
  const compare = (bills: readonly Bill[], amounts: readonly (string | undefined)[]) => {
    const chains = chainsOf(bills);
    const lines = chains.flatMap((chain) => chain.lines);
    const charged = new Map(
      lines.flatMap((one, index) =>
        amounts[index] === undefined ? [] : [[lineKey(one), amounts[index]] as const],
      ),
    );
    return compareBills({ bills, chains, rates, charged, byDays: charged });
  };

  it('is equal to the cent only, and says why else', () => {
    const bills = billsOf(
      {},
      { Meter_Number: 'K2', Consumption_HCF: '4', Water_Sewer_Charges: '36.80' },
      { Meter_Number: 'UN-METERED' },
      { Meter_Number: 'K3' },
      { Meter_Number: 'K4', Water_Sewer_Charges: '0.0' },
    );
    const [months, , , once, left] = compare(bills, ['474.75', '40.40', '1.00', '474.74', '5.00']);
    expect(months).toMatchObject({ compared: 4, equal: 1, least: 0.95 });
    expect(months!.classes.map(({ cause }) => cause.slice(0, 19))).toEqual([
      'charged the minimum',
      'not charged by a me',
      'another charge than',
    ]);
    expect(once).toMatchObject({ compared: 5, equal: 5 });
    expect(left!.classes).toMatchObject([{ cause: 'the row charges nothing', count: 1 }]);
  });

  it('a month with a change of price never counts as equal elsewhere', () => {
    const bills = billsOf({
      Revenue_Month: '2019-07',
      Service_Start_Date: '06/20/2019',
      Service_End_Date: '07/23/2019',
      Consumption_HCF: '53',
      Water_Sewer_Charges: '543.05',
    });
    const [months, split, read] = compare(bills, ['543.05']);
    expect([months!.compared, split!.compared, read!.compared]).toEqual([0, 1, 1]);
    expect(read!.classes[0]!.cause).toBe('a whole number explains the charge to the cent');
  });
});
