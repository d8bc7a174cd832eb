import { Injectable } from '@nestjs/common';
import type { ImportJobContext, ImportKind, ImportRow, RowOutcome, Tx } from '@steward/platform';
import { IMPORTERS } from '../access.js';
import { BuildingRepository } from '../building/building.repository.js';
import { BuildingService } from '../building/building.service.js';
import { PlaceService } from '../place.service.js';
import { buildingRow, type BuildingRow } from './premises-import.dto.js';

const DETAILS = [
  'elevators',
  'heating',
  'airConditioning',
  'parking',
  'manager',
  'units',
  'fireAlarm',
  'sprinklers',
  'waterMeters',
  'powerMeters',
  'gasMeters',
] as const;

/** Imports a register of buildings; what the register tells beyond the basics is kept as details. */
@Injectable()
export class BuildingImportService implements ImportKind<BuildingRow> {
  readonly kind = 'buildings';
  readonly roles = IMPORTERS;
  readonly rowSchema = buildingRow;
  readonly branchField = 'branch' as const;

  constructor(
    private readonly repository: BuildingRepository,
    private readonly buildings: BuildingService,
    private readonly places: PlaceService,
  ) {}

  async applyRows(
    tx: Tx,
    job: ImportJobContext,
    rows: readonly ImportRow<BuildingRow>[],
  ): Promise<RowOutcome[]> {
    const outcomes: RowOutcome[] = [];
    for (const row of rows) outcomes.push(await this.applyRow(tx, job, row));
    return outcomes;
  }

  private async applyRow(tx: Tx, job: ImportJobContext, row: ImportRow<BuildingRow>): Promise<RowOutcome> {
    const { site, code, name, storeys, builtIn } = row.data;
    const details = Object.fromEntries(
      DETAILS.flatMap((field) => (row.data[field] === undefined ? [] : [[field, row.data[field]]])),
    );
    const known = row.record?.entityId;
    const before = known ? await this.repository.lock(tx, known) : null;
    if (before) {
      await this.buildings.put(tx, job.call, before, { name, storeys, builtIn, details, reason: 'import' });
      return { state: 'updated', entityId: before.id };
    }
    const siteId = await this.places.siteByCode(row.branchId!, site);
    const body = { siteId, code, name, storeys, builtIn, details };
    return { state: 'created', entityId: (await this.buildings.add(tx, job.call, body)).id };
  }
}
