import { Injectable } from '@nestjs/common';
import { BuildingChanged, BuildingRegistered } from '@steward/contracts';
import { conflict, newId, notFound, type DomainError } from '@steward/kernel';
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
import { checkKeeper, PlaceService } from '../place.service.js';
import { RecordRepository } from '../record.repository.js';
import { writtenCode } from '../property-unit/unit-code.rules.js';
import type {
  BuildingDto,
  BuildingsQuery,
  ChangeBuildingBody,
  RegisterBuildingBody,
} from './building.dto.js';
import { BuildingRepository, type Building } from './building.repository.js';

const FIELDS = ['code', 'name', 'storeys', 'builtIn', 'details', 'active'] as const;

/** The buildings of a site (PRM-01). */
@Injectable()
export class BuildingService {
  constructor(
    private readonly database: Database,
    private readonly repository: BuildingRepository,
    private readonly records: RecordRepository,
    private readonly commands: Commands,
    private readonly places: PlaceService,
  ) {}

  async register(ctx: CallContext, body: RegisterBuildingBody): Promise<BuildingDto> {
    return this.commands.execute(ctx, (tx) => this.add(tx, ctx, body));
  }

  /** Registers in a transaction that the caller has opened (requests, imports). */
  async add(tx: Tx, ctx: CallContext, body: RegisterBuildingBody): Promise<Building> {
    const place = await this.places.writable(ctx, body.siteId);
    const code = writtenCode(body.code);
    const building = { ...body, ...place, code, id: newId(ctx.now.getTime()), active: true, version: 1 };
    if (!(await this.repository.add(tx, building))) throw codeTaken(code);
    await this.tell(tx, ctx, null, building);
    return building;
  }

  async change(ctx: CallContext, id: string, body: ChangeBuildingBody): Promise<BuildingDto> {
    return this.commands.execute(ctx, async (tx) => {
      const before = await this.repository.lock(tx, id);
      if (!before) throw buildingNotFound();
      checkKeeper(ctx, KEEPERS, before);
      requireMatch(ctx, before.version);
      return this.put(tx, ctx, before, body);
    });
  }

  /** Changes a building that the caller has locked. */
  async put(
    tx: Tx,
    ctx: CallContext,
    before: Building,
    { reason, ...body }: ChangeBuildingBody,
  ): Promise<Building> {
    const { name = before.name, storeys = before.storeys, builtIn = before.builtIn } = body;
    const { details = before.details, active = before.active } = body;
    const after = { ...before, name, storeys, builtIn, details, active, version: before.version + 1 };
    await this.repository.update(tx, after);
    await this.tell(tx, ctx, before, after, reason);
    return after;
  }

  async get(ctx: CallContext, id: string): Promise<BuildingDto> {
    const building = await this.database.read(ctx.scope, (tx) => this.repository.find(tx, id));
    if (!building) throw buildingNotFound();
    return building;
  }

  async list(ctx: CallContext, query: BuildingsQuery): Promise<Page<BuildingDto>> {
    return this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
  }

  private async tell(
    tx: Tx,
    ctx: CallContext,
    before: Building | null,
    after: Building,
    reason?: string,
  ): Promise<void> {
    const { id, branchId, siteId, code, name, storeys, builtIn, active, version } = after;
    await this.records.tell(tx, ctx, {
      entity: 'building',
      id,
      branchId,
      aggregateId: id,
      sequence: version,
      action: before ? 'change' : 'register',
      reason,
      changes: changesOf(before, after, FIELDS),
      definition: before ? BuildingChanged : BuildingRegistered,
      data: { buildingId: id, siteId, code, name, storeys, builtIn, active },
    });
  }
}

export const buildingNotFound = (): DomainError =>
  notFound('building.not-found', 'There is no such building in your scope.');

const codeTaken = (code: string): DomainError =>
  conflict('building.code-taken', `The site already has a building ${code}.`, { code });
