import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FieldRule } from '../import-mapping.js';
import { compileField, slugOf } from './field-rule.js';
import { compileDateFormat, parseIso } from './local-date.js';

const columns = ['a', 'b'];
const run = (rule: FieldRule, ...cells: string[]) =>
  compileField(rule, (column) => columns.indexOf(column))(cells);
const ny = (formats?: string[], as: 'instant' | 'date' = 'instant'): FieldRule => ({
  column: 'a',
  date: { zone: 'America/New_York', as, ...(formats ? { formats } : {}) },
});

describe('rules of a mapping', () => {
  it('takes columns, constants and joined columns; blank cells are left out', () => {
    expect(run({ column: 'a' }, ' text ')).toEqual({ value: ' text ' });
    expect(run({ column: 'a' }, '  ')).toEqual({ value: undefined });
    expect(run({ column: 'a', emptyAs: 'none' }, '')).toEqual({ value: 'none' });
    expect(run({ column: 'a', required: true }, '')).toMatchObject({ code: 'import.required' });
    expect(run({ column: 'gone', optional: true }, 'x')).toEqual({ value: undefined });
    expect(run({ constant: 5 }, 'x')).toEqual({ value: 5 });
    expect(run({ join: ['a', 'b'], separator: ', ' }, 'x ', ' y')).toEqual({ value: 'x, y' });
    expect(run({ join: ['a', 'b'], separator: ', ' }, '', 'y')).toEqual({ value: 'y' });
  });

  it('looks values up, with the cell as it is before the trimmed one', () => {
    const rule: FieldRule = { column: 'a', values: { Call: 'phone', ' Web ': 'web' } };
    expect(run(rule, 'Call ')).toEqual({ value: 'phone' });
    expect(run(rule, ' Web ')).toEqual({ value: 'web' });
    expect(run(rule, 'Fax')).toMatchObject({ code: 'import.unknown-value' });
    expect(run(rule, 'toString')).toMatchObject({ code: 'import.unknown-value' });
    expect(run({ ...rule, otherwise: 'other' }, 'Fax')).toEqual({ value: 'other' });
  });

  it('makes codes of names', () => {
    expect(slugOf('Heat - Excessive  Insufficient')).toBe('heat-excessive-insufficient');
    expect(slugOf('电梯 故障（三号楼）')).toBe('电梯-故障-三号楼');
    expect(run({ column: 'a', slug: true }, '***')).toMatchObject({ code: 'import.unknown-value' });
  });
});

describe('dates of a mapping', () => {
  it.each([
    ['2011-07-01 07:16:44', 'yyyy-MM-dd HH:mm:ss', '2011-07-01T11:16:44.000Z'],
    ['7/1/2011 7:16:44 PM', 'M/d/yyyy h:mm:ss a', '2011-07-01T23:16:44.000Z'],
    ['01.12.11 12:00', 'dd.MM.yy HH:mm', '2011-12-01T17:00:00.000Z'],
    ['12:05 am 01-Jul-2011', 'hh:mm a dd-MMM-yyyy', '2011-07-01T04:05:00.000Z'],
    ['2011年7月1日 下午3:00', 'yyyy年M月d日 ah:mm', '2011-07-01T19:00:00.000Z'],
    ['2011-07-01T07:16:44.250+08:00', "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", '2011-06-30T23:16:44.250Z'],
  ])('%s in %s', (text, format, instant) => {
    expect(run(ny([format]), text)).toEqual({ value: instant });
  });

  it('understands ISO 8601 besides the formats, and takes the first that fits', () => {
    expect(run(ny(['dd/MM/yyyy']), '2011-07-01T07:16')).toEqual({ value: '2011-07-01T11:16:00.000Z' });
    expect(run(ny(), '2011-07-01')).toEqual({ value: '2011-07-01T04:00:00.000Z' });
    expect(run(ny(), '2011-07-01 07:16:44Z')).toEqual({ value: '2011-07-01T07:16:44.000Z' });
    expect(run(ny(['dd/MM/yyyy', 'MM/dd/yyyy']), '02/13/2011')).toEqual({
      value: '2011-02-13T05:00:00.000Z',
    });
    expect(run(ny(['dd/MM/yyyy'], 'date'), '13/02/2011')).toEqual({ value: '2011-02-13' });
  });

  it.each([
    '2011-02-31 07:00:00',
    '2011-13-01 07:00:00',
    '2011-02-28 24:00:00',
    '2011-02-28 07:60:00',
    'soon',
    '2011-2-8 07:00:00',
  ])('rejects %s', (text) => {
    expect(run(ny(['yyyy-MM-dd HH:mm:ss']), text)).toMatchObject({ code: 'import.invalid-date' });
  });

  it('rejects a time that the change of clock skips, and takes the first of one that comes twice', () => {
    expect(run(ny(), '2011-03-13 02:30:00')).toMatchObject({ code: 'import.nonexistent-time' });
    expect(run(ny(), '2011-03-13 01:59:59')).toEqual({ value: '2011-03-13T06:59:59.000Z' });
    expect(run(ny(), '2011-03-13 03:00:00')).toEqual({ value: '2011-03-13T07:00:00.000Z' });
    expect(run(ny(), '2011-11-06 01:30:00')).toEqual({ value: '2011-11-06T05:30:00.000Z' });
  });

  it.each(['hello', 'yyyy', 'yyyy-MM-dd yyyy', 'QQQ', ''])('%j is no format', (format) => {
    expect(() => compileDateFormat(format)).toThrow(/format|twice/);
  });

  it('reads back every day of the calendar', () => {
    const format = compileDateFormat('d.M.yyyy');
    const days = fc.date({ min: new Date('1600-01-01'), max: new Date('2999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(days, (day) => {
        const iso = day.toISOString().slice(0, 10);
        const text = `${day.getUTCDate()}.${day.getUTCMonth() + 1}.${day.getUTCFullYear()}`;
        expect(format.parse(text)?.date).toBe(iso);
        expect(parseIso(day.toISOString())).toEqual({
          date: iso,
          time: day.toISOString().slice(11, 23),
          offsetMinutes: 0,
        });
      }),
    );
  });
});
