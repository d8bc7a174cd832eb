import { Injectable } from '@nestjs/common';
import type { ImportJobContext, ImportKind, ImportRow, RowOutcome, Tx } from '@steward/platform';
import { IMPORTERS } from '../access.js';
import { PlaceService } from '../place.service.js';
import { PropertyUnitRepository } from '../property-unit/property-unit.repository.js';
import { PropertyUnitService } from '../property-unit/property-unit.service.js';
import { propertyUnitRow, type PropertyUnitRow } from './premises-import.dto.js';

/** Imports property units; their buildings are there before. */
@Injectable()
export class PropertyUnitImportService implements ImportKind<PropertyUnitRow> {
  readonly kind = 'property-units';
  readonly roles = IMPORTERS;
  readonly rowSchema = propertyUnitRow;
  readonly branchField = 'branch' as const;

  constructor(
    private readonly repository: PropertyUnitRepository,
    private readonly units: PropertyUnitService,
    private readonly places: PlaceService,
  ) {}

  async applyRows(
    tx: Tx,
    job: ImportJobContext,
    rows: readonly ImportRow<PropertyUnitRow>[],
  ): Promise<RowOutcome[]> {
    const outcomes: RowOutcome[] = [];
    for (const row of rows) outcomes.push(await this.applyRow(tx, job, row));
    return outcomes;
  }

  private async applyRow(
    tx: Tx,
    job: ImportJobContext,
    row: ImportRow<PropertyUnitRow>,
  ): Promise<RowOutcome> {
    const { site, code, use, area, titleStatus } = row.data;
    const known = row.record?.entityId;
    const before = known ? await this.repository.lock(tx, known) : null;
    if (before) {
      await this.units.put(tx, job.call, before, { use, area, titleStatus, reason: 'import' });
      return { state: 'updated', entityId: before.id };
    }
    const siteId = await this.places.siteByCode(row.branchId!, site);
    const body = { siteId, code, use, area, titleStatus, equipment: [] };
    return { state: 'created', entityId: (await this.units.add(tx, job.call, body)).id };
  }
}
