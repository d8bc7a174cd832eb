import { Injectable } from '@nestjs/common';
import type { ImportJobContext, ImportKind, ImportRow, RowOutcome, Tx } from '@steward/platform';
import type { Unit } from '../unit/unit.entity.js';
import { codeTaken, parentUnknown } from '../unit/unit.errors.js';
import { UnitRepository } from '../unit/unit.repository.js';
import { UnitService } from '../unit/unit.service.js';
import { headquarters, IMPORTERS } from './headquarters.js';
import { unitRow, type UnitRow } from './import-rows.dto.js';

/** Imports regions, branches and sites, each under a unit that is there or stands before it in the file. */
@Injectable()
export class UnitImportService implements ImportKind<UnitRow> {
  readonly kind = 'units';
  readonly roles = IMPORTERS;
  readonly rowSchema = unitRow;
  readonly branchField = null;

  constructor(
    private readonly repository: UnitRepository,
    private readonly units: UnitService,
  ) {}

  async applyRows(tx: Tx, job: ImportJobContext, rows: readonly ImportRow<UnitRow>[]): Promise<RowOutcome[]> {
    const outcomes: RowOutcome[] = [];
    for (const { data } of rows) outcomes.push(await this.applyRow(tx, job, data));
    return outcomes;
  }

  private async applyRow(tx: Tx, job: ImportJobContext, row: UnitRow): Promise<RowOutcome> {
    const found = await this.repository.byCodes(tx, [row.parent, row.code]);
    const parent = found.find((unit) => unit.code === row.parent && unit.kind !== 'site');
    if (!parent) throw parentUnknown();
    const known = found.find(
      (unit) => unit.code === row.code && unit.parentId === parent.id && unit.kind === row.kind,
    );
    if (known) return this.changeKnown(tx, job, row, known);
    const { kind, code, name, timeZone, locale } = row;
    const unit = await this.units.add(tx, headquarters(job), {
      kind,
      parentId: parent.id,
      code,
      name,
      timeZone,
      locale,
    });
    return { state: 'created', entityId: unit.id };
  }

  private async changeKnown(tx: Tx, job: ImportJobContext, row: UnitRow, known: Unit): Promise<RowOutcome> {
    const { name, timeZone = known.timeZone, locale = known.locale } = row;
    if (known.name === name && known.timeZone === timeZone && known.locale === locale)
      return { state: 'unchanged', entityId: known.id };
    if (job.mode !== 'update') throw codeTaken(row.code);
    const before = (await this.repository.lock(tx, known.id))!;
    const change = { name, timeZone: timeZone ?? undefined, locale: locale ?? undefined };
    await this.units.put(tx, headquarters(job), before, change);
    return { state: 'updated', entityId: known.id };
  }
}
