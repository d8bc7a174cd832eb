import { Injectable } from '@nestjs/common';
import { compareQuantity, toLocalDate } from '@steward/kernel';
import {
  instant,
  text,
  type ImportJobContext,
  type ImportKind,
  type ImportRow,
  type RowOutcome,
  type Tx,
} from '@steward/platform';
import { z } from 'zod';
import { MeterRepository } from '../meter/meter.repository.js';
import { READING_IMPORTERS } from '../reading/access.js';
import {
  IntervalReadingRepository,
  type NewIntervalReading,
} from '../reading/interval-reading.repository.js';
import { registerValue } from '../reading/reading.dto.js';
import { ReadingService } from '../reading/reading.service.js';
import { meterFor } from './meter-by-serial.rules.js';

/** One row of the series of an interval meter. */
export const intervalReadingRow = z.strictObject({
  serial: text(60).describe('Number on the meter'),
  medium: text(100).optional().describe('Medium, where one number is on several meters'),
  start: instant().describe('When the interval begins'),
  minutes: z.coerce.number().int().min(1).max(1440).default(30).describe('Length of the interval'),
  quantity: registerValue().describe('Energy or volume of the interval'),
});
export type IntervalReadingRow = z.output<typeof intervalReadingRow>;

type Row = ImportRow<IntervalReadingRow>;

/** Imports half-hourly and other series; an interval counts once whatever is repeated (BIL-02, BIL-06). */
@Injectable()
export class IntervalReadingImportService implements ImportKind<IntervalReadingRow> {
  readonly kind = 'interval-readings';
  readonly roles = READING_IMPORTERS;
  readonly rowSchema = intervalReadingRow;
  readonly branchField = 'branch' as const;

  constructor(
    private readonly meters: MeterRepository,
    private readonly series: IntervalReadingRepository,
    private readonly readings: ReadingService,
  ) {}

  async applyRows(tx: Tx, _job: ImportJobContext, rows: readonly Row[]): Promise<RowOutcome[]> {
    const outcomes = new Map<Row, RowOutcome>();
    for (const [branchId, list] of Map.groupBy(rows, (row) => row.branchId!))
      for (const [row, outcome] of await this.apply(tx, branchId, list)) outcomes.set(row, outcome);
    return rows.map((row) => outcomes.get(row)!);
  }

  private async apply(tx: Tx, branchId: string, rows: readonly Row[]): Promise<Map<Row, RowOutcome>> {
    const serials = [...new Set(rows.map(({ data }) => data.serial))];
    const meters = await this.meters.bySerial(tx, branchId, serials);
    const zone = await this.readings.timeZoneOf(branchId);
    const outcomes = new Map<Row, RowOutcome>();
    const first = new Map<string, { row: Row; reading: NewIntervalReading }>();
    for (const row of rows) {
      const day = toLocalDate(new Date(row.data.start), zone);
      const meter = meterFor(meters, { ...row.data, day });
      if (!meter) {
        outcomes.set(row, rejected('meter-unknown', 'There is no such meter in your scope.'));
        continue;
      }
      const { start, minutes, quantity } = row.data;
      const { id: meterId, siteId } = meter;
      const startsAt = new Date(start).toISOString();
      const reading = { meterId, branchId, siteId, startsAt, minutes, quantity };
      const before = first.get(`${meterId} ${startsAt}`);
      if (before) outcomes.set(row, repeated(meterId, quantity, before.reading.quantity));
      else first.set(`${meterId} ${startsAt}`, { row, reading });
    }
    const wanted = [...first.values()];
    const { known } = await this.series.addAll(
      tx,
      wanted.map(({ reading }) => reading),
    );
    const standing = new Map(
      known.map((one) => [`${one.meterId} ${one.startsAt.toISOString()}`, one.quantity]),
    );
    for (const [key, { row, reading }] of first) {
      const stands = standing.get(key);
      const created: RowOutcome = { state: 'created', entityId: reading.meterId };
      outcomes.set(row, stands === undefined ? created : repeated(reading.meterId, reading.quantity, stands));
    }
    return outcomes;
  }
}

const repeated = (entityId: string, quantity: string, stands: string): RowOutcome =>
  compareQuantity(quantity, stands) === 0
    ? { state: 'unchanged', entityId }
    : rejected('interval-contradicts', `The interval came before with ${stands}; the first counts.`);

const rejected = (code: string, detail: string): RowOutcome => ({
  state: 'rejected',
  problems: [{ field: null, code: `reading.${code}`, detail }],
});
