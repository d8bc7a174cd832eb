import { Injectable } from '@nestjs/common';
import { conflict } from '@steward/kernel';
import type { ImportJobContext, ImportKind, ImportRow, RowOutcome, Tx } from '@steward/platform';
import { IMPORTERS } from '../access.js';
import { MeterService } from '../meter/meter.service.js';
import { PlaceService } from '../place.service.js';
import { PropertyUnitRepository } from '../property-unit/property-unit.repository.js';
import { propertyUnitNotFound } from '../property-unit/property-unit.service.js';
import { parseUnitCode, unitCode } from '../property-unit/unit-code.rules.js';
import { meterRow, type MeterRow } from './premises-import.dto.js';

/** Imports meters in place. What was installed does not change; a meter is removed and another one put in. */
@Injectable()
export class MeterImportService implements ImportKind<MeterRow> {
  readonly kind = 'meters';
  readonly roles = IMPORTERS;
  readonly rowSchema = meterRow;
  readonly branchField = 'branch' as const;

  constructor(
    private readonly units: PropertyUnitRepository,
    private readonly meters: MeterService,
    private readonly places: PlaceService,
  ) {}

  async applyRows(
    tx: Tx,
    job: ImportJobContext,
    rows: readonly ImportRow<MeterRow>[],
  ): Promise<RowOutcome[]> {
    const outcomes: RowOutcome[] = [];
    for (const row of rows) outcomes.push(await this.applyRow(tx, job, row));
    return outcomes;
  }

  private async applyRow(tx: Tx, job: ImportJobContext, row: ImportRow<MeterRow>): Promise<RowOutcome> {
    if (row.record?.entityId)
      throw conflict(
        'meter.import-fixed',
        'An installed meter does not change: remove it and install another one.',
      );
    const { site, unitCode: code, ...data } = row.data;
    const siteId = await this.places.siteByCode(row.branchId!, site);
    const unit =
      code === undefined ? null : await this.units.byCode(tx, siteId, unitCode(parseUnitCode(code)));
    if (code !== undefined && !unit) throw propertyUnitNotFound();
    const place = { siteId, buildingId: null, propertyUnitId: unit?.id ?? null };
    const meter = await this.meters.add(tx, job.call, { ...data, ...place, replacesMeterId: null });
    return { state: 'created', entityId: meter.id };
  }
}
