import { Injectable } from '@nestjs/common';
import { MeterInstalled, MeterRemoved } from '@steward/contracts';
import { conflict, newId, notFound, unprocessable, type DomainError } from '@steward/kernel';
import {
  changesOf,
  Commands,
  Database,
  requireMatch,
  type CallContext,
  type Page,
  type Tx,
} from '@steward/platform';
import { KEEPERS } from '../access.js';
import { BuildingRepository } from '../building/building.repository.js';
import { checkKeeper, PlaceService } from '../place.service.js';
import { PropertyUnitRepository } from '../property-unit/property-unit.repository.js';
import { RecordRepository } from '../record.repository.js';
import type { InstallMeterBody, MeterDto, MetersQuery, RemoveMeterBody } from './meter.dto.js';
import { MeterRepository, type Meter } from './meter.repository.js';

const FIELDS = [
  'serial',
  'medium',
  'measure',
  'multiplier',
  'digits',
  'propertyUnitId',
  'installedOn',
  'openingReading',
  'removedOn',
  'closingReading',
] as const;

/** Meters of units, buildings and sites (PRM-01); a replaced meter is removed with its last reading and the new one goes on for it. */
@Injectable()
export class MeterService {
  constructor(
    private readonly database: Database,
    private readonly repository: MeterRepository,
    private readonly units: PropertyUnitRepository,
    private readonly buildings: BuildingRepository,
    private readonly records: RecordRepository,
    private readonly commands: Commands,
    private readonly places: PlaceService,
  ) {}

  async install(ctx: CallContext, body: InstallMeterBody): Promise<MeterDto> {
    return this.commands.execute(ctx, (tx) => this.add(tx, ctx, body));
  }

  /** Installs in a transaction that the caller has opened (requests, imports). */
  async add(tx: Tx, ctx: CallContext, body: InstallMeterBody): Promise<Meter> {
    const place = await this.places.writable(ctx, body.siteId);
    const buildingId = await this.buildingOf(tx, body);
    if (body.replacesMeterId !== null) await this.checkReplaced(tx, body.replacesMeterId, body);
    const meter: Meter = {
      ...body,
      ...place,
      id: newId(ctx.now.getTime()),
      buildingId,
      removedOn: null,
      closingReading: null,
      version: 1,
    };
    if (!(await this.repository.add(tx, meter))) throw serialTaken(body.serial);
    const {
      id: meterId,
      branchId: _branch,
      removedOn: _day,
      closingReading: _last,
      version,
      measure,
      ...data
    } = meter;
    await this.tell(tx, ctx, null, meter, {
      action: 'install',
      definition: MeterInstalled,
      sequence: version,
      // facts write kinds in small letters: kWh is kwh
      data: { meterId, ...data, measure: measure.toLowerCase() },
    });
    return meter;
  }

  async remove(
    ctx: CallContext,
    id: string,
    { removedOn, closingReading, reason }: RemoveMeterBody,
  ): Promise<MeterDto> {
    return this.commands.execute(ctx, async (tx) => {
      const before = await this.repository.lock(tx, id);
      if (!before) throw meterNotFound();
      checkKeeper(ctx, KEEPERS, before);
      requireMatch(ctx, before.version);
      if (before.removedOn !== null)
        throw conflict('meter.removed', `The meter was removed on ${before.removedOn}.`);
      if (removedOn < before.installedOn)
        throw unprocessable('meter.removed-too-early', `The meter was installed on ${before.installedOn}.`);
      const after = { ...before, removedOn, closingReading, version: before.version + 1 };
      await this.repository.remove(tx, after);
      await this.tell(tx, ctx, before, after, {
        action: 'remove',
        reason,
        definition: MeterRemoved,
        sequence: after.version,
        data: { meterId: id, removedOn, closingReading },
      });
      return after;
    });
  }

  async get(ctx: CallContext, id: string): Promise<MeterDto> {
    const meter = await this.database.read(ctx.scope, (tx) => this.repository.find(tx, id));
    if (!meter) throw meterNotFound();
    return meter;
  }

  async list(ctx: CallContext, query: MetersQuery): Promise<Page<MeterDto>> {
    return this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
  }

  private async buildingOf(
    tx: Tx,
    { siteId, buildingId, propertyUnitId }: InstallMeterBody,
  ): Promise<string | null> {
    const unit = propertyUnitId === null ? null : await this.units.find(tx, propertyUnitId);
    if (propertyUnitId !== null && unit?.siteId !== siteId) throw elsewhere('propertyUnitId');
    const named = buildingId ?? unit?.buildingId ?? null;
    const building = named === null ? null : await this.buildings.find(tx, named);
    if (named !== null && building?.siteId !== siteId) throw elsewhere('buildingId');
    if (unit && named !== unit.buildingId) throw elsewhere('buildingId');
    return named;
  }

  private async checkReplaced(tx: Tx, id: string, { medium, installedOn }: InstallMeterBody): Promise<void> {
    const replaced = await this.repository.find(tx, id);
    if (
      !replaced ||
      replaced.medium !== medium ||
      replaced.removedOn === null ||
      replaced.removedOn > installedOn
    )
      throw unprocessable('meter.replaces-wrong', 'A meter goes on for a removed meter of the same medium.', [
        { path: 'replacesMeterId', code: 'wrong', detail: 'Remove that meter first, on this day or before.' },
      ]);
  }

  private async tell<T>(
    tx: Tx,
    ctx: CallContext,
    before: Meter | null,
    after: Meter,
    fact: Pick<
      Parameters<typeof this.records.tell<T>>[2],
      'action' | 'definition' | 'sequence' | 'data' | 'reason'
    >,
  ): Promise<void> {
    const { id, branchId } = after;
    const changes = changesOf(before, after, FIELDS);
    await this.records.tell<T>(tx, ctx, { ...fact, entity: 'meter', id, branchId, aggregateId: id, changes });
  }
}

const meterNotFound = (): DomainError => notFound('meter.not-found', 'There is no such meter in your scope.');

const serialTaken = (serial: string): DomainError =>
  conflict('meter.serial-taken', `The branch has a meter ${serial} of this medium in place.`, { serial });

const elsewhere = (path: string): DomainError =>
  unprocessable('meter.place-wrong', 'The site has no such building or unit.', [
    { path, code: 'elsewhere', detail: 'It stands at another site, or is not known.' },
  ]);
