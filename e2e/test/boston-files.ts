import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The city's columns, in its order. */
export const COLUMNS = (
  'case_enquiry_id,open_dt,target_dt,closed_dt,ontime,case_status,closure_reason,case_title,subject,reason,type,queue,' +
  'department,submittedphoto,closedphoto,location,fire_district,pwd_district,city_council_district,police_district,' +
  'neighborhood,neighborhood_services_district,ward,precinct,location_street_name,location_zipcode,latitude,longitude,source'
).split(',');

export type BostonRow = Readonly<Record<string, string>>;

/** A request as the city writes it; by default a rat seen by a caller in the Back Bay. */
export const aRequest = (id: string, row: BostonRow): BostonRow => ({
  case_enquiry_id: id,
  type: 'Rodent Activity',
  case_title: row.type ?? 'Rodent Activity',
  subject: 'Inspectional Services',
  reason: 'Environmental Services',
  neighborhood: 'Back Bay',
  source: 'Constituent Call',
  location: '1 Main St  Boston  MA',
  ...row,
});

const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The lines of a file, the header first. */
export const linesOf = (rows: readonly BostonRow[], columns: readonly string[] = COLUMNS): string[] => [
  columns.join(','),
  ...rows.map((row) => columns.map((column) => cell(row[column] ?? '')).join(',')),
];

export const csvOf = (rows: readonly BostonRow[], columns?: readonly string[]): string =>
  `${linesOf(rows, columns).join('\n')}\n`;

/** The developers' slice of the city's own records, where this machine has it. */
export const REAL_FOLDER = resolve(import.meta.dirname, '../../../shared/data/tickets-boston311');
export const hasRealFiles = existsSync(REAL_FOLDER);

/** The first rows of the real file, as they stand there. */
export function realLines(count: number): string[] {
  const file = resolve(REAL_FOLDER, 'boston311_2011_jul_aug_isd_prop.csv');
  return readFileSync(file, 'utf8')
    .split(/\r?\n/)
    .slice(0, count + 1);
}
