import { Injectable } from '@nestjs/common';
import { PropertyUnitChanged, PropertyUnitRegistered } from '@steward/contracts';
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
import { RecordRepository } from '../record.repository.js';
import type {
  ChangePropertyUnitBody,
  PropertyUnitDto,
  PropertyUnitsQuery,
  RegisterPropertyUnitBody,
} from './property-unit.dto.js';
import { PropertyUnitRepository, type PropertyUnit } from './property-unit.repository.js';
import { parseUnitCode, unitCode } from './unit-code.rules.js';

const FIELDS = ['code', 'use', 'area', 'titleStatus', 'equipment', 'active'] as const;

/** Flats, offices, shops and parking spaces under their codes (PRM-01). */
@Injectable()
export class PropertyUnitService {
  constructor(
    private readonly database: Database,
    private readonly repository: PropertyUnitRepository,
    private readonly buildings: BuildingRepository,
    private readonly records: RecordRepository,
    private readonly commands: Commands,
    private readonly places: PlaceService,
  ) {}

  async register(ctx: CallContext, body: RegisterPropertyUnitBody): Promise<PropertyUnitDto> {
    return this.commands.execute(ctx, (tx) => this.add(tx, ctx, body));
  }

  /** Registers in a transaction that the caller has opened (requests, imports). */
  async add(tx: Tx, ctx: CallContext, body: RegisterPropertyUnitBody): Promise<PropertyUnit> {
    const place = await this.places.writable(ctx, body.siteId);
    const at = parseUnitCode(body.code);
    const building = await this.buildings.byCode(tx, body.siteId, at.building);
    if (!building) throw buildingUnknown(at.building);
    const { entrance, floor, door } = at;
    const unit: PropertyUnit = {
      ...body,
      ...place,
      id: newId(ctx.now.getTime()),
      buildingId: building.id,
      code: unitCode(at),
      entrance,
      floor,
      door,
      active: true,
      version: 1,
    };
    if (!(await this.repository.add(tx, unit))) throw codeTaken(unit.code);
    await this.tell(tx, ctx, null, unit);
    return unit;
  }

  async change(ctx: CallContext, id: string, body: ChangePropertyUnitBody): Promise<PropertyUnitDto> {
    return this.commands.execute(ctx, async (tx) => {
      const before = await this.repository.lock(tx, id);
      if (!before) throw propertyUnitNotFound();
      checkKeeper(ctx, KEEPERS, before);
      requireMatch(ctx, before.version);
      return this.put(tx, ctx, before, body);
    });
  }

  /** Changes a unit that the caller has locked. */
  async put(
    tx: Tx,
    ctx: CallContext,
    before: PropertyUnit,
    { reason, ...body }: ChangePropertyUnitBody,
  ): Promise<PropertyUnit> {
    const { use = before.use, area = before.area, titleStatus = before.titleStatus } = body;
    const { equipment = before.equipment, active = before.active } = body;
    const after = { ...before, use, area, titleStatus, equipment, active, version: before.version + 1 };
    await this.repository.update(tx, after);
    await this.tell(tx, ctx, before, after, reason);
    return after;
  }

  async get(ctx: CallContext, id: string): Promise<PropertyUnitDto> {
    const unit = await this.database.read(ctx.scope, (tx) => this.repository.find(tx, id));
    if (!unit) throw propertyUnitNotFound();
    return unit;
  }

  async list(ctx: CallContext, query: PropertyUnitsQuery): Promise<Page<PropertyUnitDto>> {
    return this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
  }

  private async tell(
    tx: Tx,
    ctx: CallContext,
    before: PropertyUnit | null,
    after: PropertyUnit,
    reason?: string,
  ): Promise<void> {
    const { id, branchId, siteId, buildingId, code, use, area, active, version } = after;
    await this.records.tell(tx, ctx, {
      entity: 'property-unit',
      id,
      branchId,
      aggregateId: id,
      sequence: version,
      action: before ? 'change' : 'register',
      reason,
      changes: changesOf(before, after, FIELDS),
      definition: before ? PropertyUnitChanged : PropertyUnitRegistered,
      data: { propertyUnitId: id, buildingId, siteId, code, use, area, active },
    });
  }
}

export const propertyUnitNotFound = (): DomainError =>
  notFound('property-unit.not-found', 'There is no such property unit in your scope.');

const buildingUnknown = (code: string): DomainError =>
  unprocessable('property-unit.building-unknown', `The site has no building ${code}. Register it first.`, [
    { path: 'code', code: 'building-unknown', detail: 'The part before # names no building of the site.' },
  ]);

const codeTaken = (code: string): DomainError =>
  conflict('property-unit.code-taken', `The site already has a unit ${code}.`, { code });
