import { Injectable } from '@nestjs/common';
import type { ImportJobContext, ImportKind, ImportRow, RowOutcome, Tx } from '@steward/platform';
import { day, text } from '@steward/platform';
import { z } from 'zod';
import { MeterRepository, type Meter } from '../meter/meter.repository.js';
import { READING_IMPORTERS } from '../reading/access.js';
import { refused } from '../reading/reading-command.service.js';
import { registerValue } from '../reading/reading.dto.js';
import { READING_KINDS, READING_SOURCES } from '../reading/reading.rules.js';
import { ReadingService, type NewReading, type Taken } from '../reading/reading.service.js';
import { meterFor } from './meter-by-serial.rules.js';

const yes = (description: string) =>
  z
    .enum(['true', 'false'])
    .default('false')
    .transform((word) => word === 'true')
    .describe(description);

/** One row of a list of readings. */
export const readingRow = z.strictObject({
  serial: text(60).describe('Number on the meter'),
  medium: text(100).optional().describe('Medium, where one number is on several meters'),
  day: day().describe('Local day of the reading'),
  value: registerValue().describe('Register'),
  source: z.enum(READING_SOURCES).default('import').describe('How it was read'),
  kind: z.enum(READING_KINDS).default('periodic').describe('opening, periodic, tariff-change or closing'),
  estimated: yes('Whether it is estimated'),
  checked: yes('Whether somebody has looked at it already, so that a suspicion does not hold it'),
});
export type ReadingRow = z.output<typeof readingRow>;

/** Imports readings set-wise: a batch is checked and stored in a constant number of statements (BIL-06). */
@Injectable()
export class ReadingImportService implements ImportKind<ReadingRow> {
  readonly kind = 'readings';
  readonly roles = READING_IMPORTERS;
  readonly rowSchema = readingRow;
  readonly branchField = 'branch' as const;

  constructor(
    private readonly meters: MeterRepository,
    private readonly readings: ReadingService,
  ) {}

  async applyRows(
    tx: Tx,
    job: ImportJobContext,
    rows: readonly ImportRow<ReadingRow>[],
  ): Promise<RowOutcome[]> {
    const outcomes = new Map<ImportRow<ReadingRow>, RowOutcome>();
    for (const [branchId, list] of Map.groupBy(rows, (row) => row.branchId!)) {
      const serials = [...new Set(list.map(({ data }) => data.serial))];
      const meters = await this.meters.bySerial(tx, branchId, serials);
      const known = list.map((row) => ({ row, meter: meterFor(meters, row.data) }));
      const found = known.filter((one): one is { row: typeof one.row; meter: Meter } => one.meter !== null);
      const taken = await this.readings.takeAll(tx, job.call, found.map(newReading));
      for (const [index, { row }] of found.entries()) outcomes.set(row, outcomeOf(taken[index]!));
    }
    return rows.map((row) => outcomes.get(row) ?? rejected('meter-unknown'));
  }
}

const newReading = ({ row, meter }: { row: ImportRow<ReadingRow>; meter: Meter }): NewReading => {
  const { serial: _serial, medium: _medium, ...data } = row.data;
  return { ...data, meterId: meter.id };
};

function outcomeOf(taken: Taken): RowOutcome {
  if (taken.outcome === 'refused') return rejected(taken.why);
  return { state: taken.outcome === 'taken' ? 'created' : 'unchanged', entityId: taken.reading.id };
}

function rejected(why: string): RowOutcome {
  const { code, message } = refused(why);
  return { state: 'rejected', problems: [{ field: null, code, detail: message }] };
}
