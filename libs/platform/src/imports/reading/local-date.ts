const TOKENS: Readonly<Record<string, string>> = {
  yyyy: '(?<yyyy>\\d{4})',
  yy: '(?<yy>\\d{2})',
  MMM: '(?<MMM>[A-Za-z]{3})',
  MM: '(?<M>\\d{2})',
  M: '(?<M>\\d{1,2})',
  dd: '(?<d>\\d{2})',
  d: '(?<d>\\d{1,2})',
  HH: '(?<H>\\d{2})',
  H: '(?<H>\\d{1,2})',
  hh: '(?<h>\\d{2})',
  h: '(?<h>\\d{1,2})',
  mm: '(?<m>\\d{2})',
  m: '(?<m>\\d{1,2})',
  ss: '(?<s>\\d{2})',
  s: '(?<s>\\d{1,2})',
  SSS: '(?<S>\\d{1,3})',
  a: '(?<a>AM|PM|上午|下午)',
  XXX: '(?<X>Z|[+-]\\d{2}:?\\d{2})',
};

const PIECE = /'((?:[^']|'')*)'|yyyy|yy|MMM|MM|M|dd|d|HH|H|hh|h|mm|m|ss|SSS|s|XXX|a|[^A-Za-z']+/gy;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const CENTURY_PIVOT = 70;

/** A date and time as written, without any zone; `offsetMinutes` when it was written with one. */
export type WrittenTime = Readonly<{ date: string; time: string; offsetMinutes?: number }>;

export type DateFormat = Readonly<{
  /** What a text says, or undefined when it is not of this form or no such date exists (31 February). */
  parse(text: string): WrittenTime | undefined;
}>;

/** Whether texts of a date format bring their offset. */
export const hasOffset = (format: string): boolean =>
  [...format.matchAll(PIECE)].some(([piece]) => piece === 'XXX');

/**
 * Compiles a date format: `yyyy yy MM M MMM dd d HH H hh h mm m ss s SSS a XXX`, text in apostrophes, other signs as they
 * are. Throws an `Error` that names the format when it holds other letters or no date.
 */
export function compileDateFormat(format: string): DateFormat {
  const pieces = [...format.matchAll(PIECE)];
  const names = pieces.map(([piece]) => piece);
  const complete =
    names.join('') === format &&
    names.some((name) => name.startsWith('y')) &&
    names.includes(names.find((n) => n.startsWith('M')) ?? '') &&
    names.some((n) => n.startsWith('d'));
  if (!complete) throw new Error(`"${format}" is not a date format`);
  const source = pieces.map(([piece, quoted]) => TOKENS[piece] ?? literal(quoted ?? piece)).join('');
  let pattern: RegExp;
  try {
    pattern = new RegExp(`^${source}$`, 'i');
  } catch {
    throw new Error(`"${format}" names a part of the date twice`);
  }
  return {
    parse: (text) => {
      const groups = pattern.exec(text)?.groups;
      return groups && written(groups);
    },
  };
}

const ISO =
  /^(?<yyyy>\d{4})-(?<M>\d{2})-(?<d>\d{2})(?:[T ](?<H>\d{2}):(?<m>\d{2})(?::(?<s>\d{2})(?:\.(?<S>\d{1,3})\d*)?)?(?<X>Z|[+-]\d{2}:?\d{2})?)?$/;

/** ISO 8601 dates and times, with or without offset; workbooks' date cells come in this form too. */
export function parseIso(text: string): WrittenTime | undefined {
  const groups = ISO.exec(text)?.groups;
  return groups && written(groups);
}

const literal = (text: string): string =>
  text
    .replaceAll("''", "'")
    .replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
    .replace(/ +/g, ' +');

type Groups = Readonly<Record<string, string | undefined>>;

function written(groups: Groups): WrittenTime | undefined {
  const month = groups.MMM ? MONTHS.indexOf(groups.MMM.toLowerCase()) + 1 : Number(groups.M);
  const date = dateOf(yearOf(groups), month, Number(groups.d));
  const hour = hourOf(groups);
  const minute = Number(groups.m ?? 0);
  const second = Number(groups.s ?? 0);
  if (!date || hour === undefined || minute > 59 || second > 59) return undefined;
  const time = `${pad(hour)}:${pad(minute)}:${pad(second)}.${(groups.S ?? '').padEnd(3, '0')}`;
  return groups.X ? { date, time, offsetMinutes: offsetOf(groups.X) } : { date, time };
}

const pad = (value: number, length = 2): string => String(value).padStart(length, '0');

function yearOf({ yyyy, yy }: Groups): number {
  if (yyyy) return Number(yyyy);
  const short = Number(yy);
  return short < CENTURY_PIVOT ? 2000 + short : 1900 + short;
}

function hourOf({ H, h, a }: Groups): number | undefined {
  if (h === undefined) return Number(H ?? 0) <= 23 ? Number(H ?? 0) : undefined;
  const hour = Number(h);
  if (hour < 1 || hour > 12) return undefined;
  const afternoon = a !== undefined && /^(PM|下午)$/i.test(a);
  return (hour % 12) + (afternoon ? 12 : 0);
}

/** The date, unless it does not exist: `Date.UTC` would roll 31 February over into March. */
function dateOf(year: number, month: number, day: number): string | undefined {
  const made = new Date(Date.UTC(2000, month - 1, day));
  made.setUTCFullYear(year, month - 1, day);
  const exists =
    made.getUTCFullYear() === year && made.getUTCMonth() === month - 1 && made.getUTCDate() === day;
  return exists ? `${pad(year, 4)}-${pad(month)}-${pad(day)}` : undefined;
}

function offsetOf(text: string): number {
  if (/^z$/i.test(text)) return 0;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(text)!;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
