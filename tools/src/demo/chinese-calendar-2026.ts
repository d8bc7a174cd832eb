import type { BusinessCalendar } from '@steward/kernel';

const WORKDAY = [
  { from: '08:30', to: '12:00' },
  { from: '13:30', to: '17:30' },
] as const;

/** Each day of a holiday, given its first day and how many days it lasts. */
function days(name: string, first: string, count: number): [string, string][] {
  const start = Date.parse(`${first}T00:00:00Z`);
  return Array.from({ length: count }, (_, day) => [
    new Date(start + day * 86_400_000).toISOString().slice(0, 10),
    name,
  ]);
}

/** Public holidays and make-up working days (调休) of 2026 as announced by the State Council. */
export const chineseCalendar2026: BusinessCalendar = {
  timeZone: 'Asia/Shanghai',
  week: { 1: WORKDAY, 2: WORKDAY, 3: WORKDAY, 4: WORKDAY, 5: WORKDAY, 6: [], 7: [] },
  holidays: Object.fromEntries([
    ...days('元旦 New Year', '2026-01-01', 3),
    ...days('春节 Spring Festival', '2026-02-15', 9),
    ...days('清明节 Tomb-Sweeping Day', '2026-04-04', 3),
    ...days('劳动节 Labour Day', '2026-05-01', 5),
    ...days('端午节 Dragon Boat Festival', '2026-06-19', 3),
    ...days('中秋节 Mid-Autumn Festival', '2026-09-25', 3),
    ...days('国庆节 National Day', '2026-10-01', 7),
  ]),
  makeUpDays: {
    '2026-01-04': { name: '元旦调休' },
    '2026-02-14': { name: '春节调休' },
    '2026-02-28': { name: '春节调休' },
    '2026-05-09': { name: '劳动节调休' },
    '2026-09-20': { name: '国庆节调休' },
    '2026-10-10': { name: '国庆节调休' },
  },
};
