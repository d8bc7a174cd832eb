import { Injectable } from '@nestjs/common';
import { conflict } from '@steward/kernel';
import type { ImportJobContext, ImportKind, ImportRow, RowOutcome, Tx } from '@steward/platform';
import { IMPORTERS } from '../access.js';
import { OccupancyService } from '../occupancy/occupancy.service.js';
import { PlaceService } from '../place.service.js';
import { PropertyUnitRepository } from '../property-unit/property-unit.repository.js';
import { propertyUnitNotFound } from '../property-unit/property-unit.service.js';
import { parseUnitCode, unitCode } from '../property-unit/unit-code.rules.js';
import { occupancyRow, type OccupancyRow } from './premises-import.dto.js';

/** Imports who owns and occupies units; the customers are in the master before. */
@Injectable()
export class OccupancyImportService implements ImportKind<OccupancyRow> {
  readonly kind = 'occupancies';
  readonly roles = IMPORTERS;
  readonly rowSchema = occupancyRow;
  readonly branchField = 'branch' as const;

  constructor(
    private readonly units: PropertyUnitRepository,
    private readonly occupancies: OccupancyService,
    private readonly places: PlaceService,
  ) {}

  async applyRows(
    tx: Tx,
    job: ImportJobContext,
    rows: readonly ImportRow<OccupancyRow>[],
  ): Promise<RowOutcome[]> {
    const outcomes: RowOutcome[] = [];
    for (const row of rows) outcomes.push(await this.applyRow(tx, job, row));
    return outcomes;
  }

  private async applyRow(tx: Tx, job: ImportJobContext, row: ImportRow<OccupancyRow>): Promise<RowOutcome> {
    if (row.record?.entityId)
      throw conflict(
        'occupancy.import-fixed',
        'An occupancy does not change by import: end it and begin another one.',
      );
    const { site, unitCode: code, ...data } = row.data;
    const siteId = await this.places.siteByCode(row.branchId!, site);
    const known = await this.units.byCode(tx, siteId, unitCode(parseUnitCode(code)));
    const unit = known && (await this.units.lock(tx, known.id));
    if (!unit) throw propertyUnitNotFound();
    return { state: 'created', entityId: (await this.occupancies.add(tx, job.call, unit, data)).id };
  }
}
