const DAY_MS = 86_400_000;
/** Day 0 of the 1900 system, moved so that days from March 1900 on are right. */
const EPOCH_1900 = Date.UTC(1899, 11, 30);
const EPOCH_1904 = Date.UTC(1904, 0, 1);
/** Excel believes in 29 February 1900, which is its day 60. */
const PHANTOM_DAY = 60;
const MAX_SERIAL = 2_958_466;

const BUILT_IN_DATES = [14, 15, 16, 17, 27, 28, 29, 30, 31, 34, 35, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58];
const BUILT_IN_TIMES = [18, 19, 20, 21, 22, 32, 33, 45, 46, 47];

/** How a cell's number is shown: as itself, as a day, or as a day with a time. */
export type NumberStyle = 'number' | 'date' | 'date-time';

/** What a number format says of its numbers; `code` is given for formats that are not built in. */
export function numberStyle(id: number, code: string | undefined): NumberStyle {
  if (code === undefined)
    return BUILT_IN_DATES.includes(id) ? 'date' : BUILT_IN_TIMES.includes(id) ? 'date-time' : 'number';
  const signs = code.replace(/"[^"]*"|\\.|_.|\*./g, '').replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '');
  const [positive = ''] = signs.split(';');
  if (/general/i.test(positive) || !/[ymdhs]/i.test(positive)) return 'number';
  return /[hs]/i.test(positive) ? 'date-time' : 'date';
}

/**
 * A serial number of a workbook as ISO text without zone: `2026-02-01`, or `2026-02-01T08:30:00` in a style with time or
 * when it holds one. Times are rounded to the millisecond. Undefined when it is no day.
 */
export function serialText(serial: number, style: NumberStyle, date1904: boolean): string | undefined {
  if (!(serial >= 0 && serial < MAX_SERIAL)) return undefined;
  const shift = !date1904 && serial < PHANTOM_DAY ? 1 : 0;
  const ms = (date1904 ? EPOCH_1904 : EPOCH_1900) + Math.round((serial + shift) * DAY_MS);
  const text = new Date(ms).toISOString();
  if (style === 'date' && ms % DAY_MS === 0) return text.slice(0, 10);
  return text.slice(0, text.endsWith('.000Z') ? 19 : 23);
}

/** A number as people read it: 15 significant digits, as spreadsheet programs show them, without exponent. */
export function numberText(stored: string): string {
  const value = Number(stored);
  if (stored.trim() === '' || !Number.isFinite(value)) return stored;
  const shown = Number(value.toPrecision(15));
  const text = String(shown);
  if (!text.includes('e')) return text;
  return Math.abs(shown) >= 1 ? BigInt(shown).toString() : shown.toFixed(20).replace(/0+$/, '');
}

/** The column of a cell's address, from 0; -1 when the address cannot be read. */
export function columnOf(address: string): number {
  const letters = /^[A-Z]{1,3}/.exec(address)?.[0];
  if (!letters) return -1;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}
