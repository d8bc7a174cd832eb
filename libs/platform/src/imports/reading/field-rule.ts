import { fromLocalTime, toLocalTime } from '@steward/kernel';
import { columnsOf, type DateRule, type FieldRule, type Scalar } from '../import-mapping.js';
import { compileDateFormat, parseIso, type WrittenTime } from './local-date.js';

/** Why a cell gives no value; `undefined` as a value means that the field is left out. */
export type FieldResult = Readonly<{ value: Scalar | undefined } | { code: string; detail: string }>;

export type Field = (cells: readonly string[]) => FieldResult;

/** A cell by its column's place; -1 for a column that the file lacks. */
const cellOf = (cells: readonly string[], place: number): string => cells[place] ?? '';

const nothing: FieldResult = { value: undefined };
const quoted = (text: string): string => `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;

/** Makes the function that reads one target field; `placeOf` gives the place of a column. */
export function compileField(rule: FieldRule, placeOf: (column: string) => number): Field {
  if ('constant' in rule) return () => ({ value: rule.constant });
  const places = columnsOf(rule).map(placeOf);
  const blank = blankResult(rule);
  if ('join' in rule) {
    return (cells) => {
      const parts = places.map((place) => cellOf(cells, place).trim()).filter(Boolean);
      return parts.length > 0 ? { value: parts.join(rule.separator) } : blank;
    };
  }
  const convert = converter(rule);
  const [place] = places as [number];
  return (cells) => {
    const cell = cellOf(cells, place);
    return cell.trim() === '' ? blank : convert(cell);
  };
}

function blankResult(rule: Exclude<FieldRule, { constant: Scalar }>): FieldResult {
  if (rule.required)
    return { code: 'import.required', detail: `The cell of ${columnsOf(rule).join(', ')} is blank.` };
  return rule.emptyAs === undefined ? nothing : { value: rule.emptyAs };
}

type ColumnRule = Extract<FieldRule, { column: string }>;

function converter(rule: ColumnRule): (cell: string) => FieldResult {
  if ('values' in rule) return lookup(rule.values, rule.otherwise);
  if ('date' in rule) return dateReader(rule.date);
  if ('slug' in rule) return (cell) => slugResult(cell);
  return (cell) => ({ value: cell });
}

function lookup(
  values: Readonly<Record<string, Scalar>>,
  otherwise: Scalar | undefined,
): (cell: string) => FieldResult {
  const known = new Map(Object.entries(values));
  return (cell) => {
    const found = known.has(cell) ? known.get(cell) : known.get(cell.trim());
    if (found !== undefined) return { value: found };
    if (otherwise !== undefined) return { value: otherwise };
    return {
      code: 'import.unknown-value',
      detail: `${quoted(cell)} is not among the values of the mapping.`,
    };
  };
}

function slugResult(cell: string): FieldResult {
  const slug = slugOf(cell);
  return slug
    ? { value: slug }
    : { code: 'import.unknown-value', detail: `${quoted(cell)} holds no letter or digit.` };
}

/** A name as a code: lower case, every run of other signs than letters and digits becomes one hyphen. */
export function slugOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
}

function dateReader({ zone, formats, as }: DateRule): (cell: string) => FieldResult {
  const compiled = (formats ?? []).map((format) => compileDateFormat(format));
  return (cell) => {
    const text = cell.trim();
    let written: WrittenTime | undefined;
    for (const { parse } of compiled) if ((written ??= parse(text))) break;
    written ??= parseIso(text);
    if (!written) {
      const forms = formats ? ` (${formats.join(', ')})` : '';
      return {
        code: 'import.invalid-date',
        detail: `${quoted(cell)} is not a date of the expected form${forms}, or does not exist.`,
      };
    }
    return as === 'date' ? { value: written.date } : instantOf(written, zone, cell);
  };
}

/** A time without offset is the zone's: one that occurs twice is the first, one that the change of clock skips is none. */
function instantOf(
  { date, time, offsetMinutes }: WrittenTime,
  zone: string | undefined,
  cell: string,
): FieldResult {
  const local = `${date}T${time}`;
  if (offsetMinutes !== undefined) {
    return { value: new Date(Date.parse(`${local}Z`) - offsetMinutes * 60_000).toISOString() };
  }
  if (!zone)
    return {
      code: 'import.invalid-date',
      detail: `${quoted(cell)} has no offset, and the mapping names no zone.`,
    };
  const instant = fromLocalTime(local, zone);
  if (toLocalTime(instant, zone) !== local) {
    return {
      code: 'import.nonexistent-time',
      detail: `${quoted(cell)} does not exist in ${zone}: the clock was put forward over it.`,
    };
  }
  return { value: instant.toISOString() };
}
