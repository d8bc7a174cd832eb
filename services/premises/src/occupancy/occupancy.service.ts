import { Injectable } from '@nestjs/common';
import { OccupancyBegan, OccupancyEnded } from '@steward/contracts';
import { newId, notFound, unprocessable, type DomainError } from '@steward/kernel';
import { Commands, Database, requireMatch, type CallContext, type Page, type Tx } from '@steward/platform';
import { KEEPERS } from '../access.js';
import { CustomerService } from '../customer/customer.service.js';
import { checkKeeper } from '../place.service.js';
import type { PropertyUnit } from '../property-unit/property-unit.repository.js';
import { PropertyUnitRepository } from '../property-unit/property-unit.repository.js';
import { propertyUnitNotFound } from '../property-unit/property-unit.service.js';
import { RecordRepository } from '../record.repository.js';
import type {
  BeginOccupancyBody,
  EndOccupancyBody,
  OccupanciesQuery,
  OccupancyDto,
} from './occupancy.dto.js';
import { OccupancyRepository, type Occupancy } from './occupancy.repository.js';
import { checkOccupancy } from './occupancy.rules.js';

/** Who owns and occupies a unit, from when to when. */
@Injectable()
export class OccupancyService {
  constructor(
    private readonly database: Database,
    private readonly repository: OccupancyRepository,
    private readonly units: PropertyUnitRepository,
    private readonly customers: CustomerService,
    private readonly records: RecordRepository,
    private readonly commands: Commands,
  ) {}

  async begin(ctx: CallContext, propertyUnitId: string, body: BeginOccupancyBody): Promise<OccupancyDto> {
    return this.commands.execute(ctx, async (tx) => {
      const unit = await this.units.lock(tx, propertyUnitId);
      if (!unit) throw propertyUnitNotFound();
      checkKeeper(ctx, KEEPERS, unit);
      return this.add(tx, ctx, unit, body);
    });
  }

  /** Begins an occupancy of a unit that the caller has locked. */
  async add(tx: Tx, ctx: CallContext, unit: PropertyUnit, body: BeginOccupancyBody): Promise<Occupancy> {
    const { customerId, role, from, to } = body;
    const { id: propertyUnitId, branchId, siteId } = unit;
    if (!(await this.customers.isSeen(tx, branchId, customerId))) throw customerUnknown();
    checkOccupancy(body, await this.repository.ofUnit(tx, propertyUnitId));
    const id = newId(ctx.now.getTime());
    const enteredAs = customerId;
    const occupancy = {
      id,
      branchId,
      siteId,
      propertyUnitId,
      customerId,
      enteredAs,
      role,
      from,
      to,
      version: 1,
    };
    await this.repository.add(tx, occupancy);
    await this.records.tell(tx, ctx, {
      entity: 'property-unit',
      id: propertyUnitId,
      branchId,
      aggregateId: propertyUnitId,
      sequence: await this.repository.moveUnitOn(tx, propertyUnitId),
      action: 'begin-occupancy',
      changes: (['customerId', 'role', 'from', 'to'] as const).map((field) => ({
        field: `occupancy.${field}`,
        from: null,
        to: occupancy[field],
      })),
      definition: OccupancyBegan,
      data: { occupancyId: id, propertyUnitId, customerId, role, from, to },
    });
    return occupancy;
  }

  /** Sets or corrects the last day. */
  async end(ctx: CallContext, id: string, { to, reason }: EndOccupancyBody): Promise<OccupancyDto> {
    return this.commands.execute(ctx, async (tx) => {
      const known = await this.repository.find(tx, id);
      const unit = known && (await this.units.lock(tx, known.propertyUnitId));
      const before = unit && (await this.repository.lock(tx, id));
      if (!unit || !before) throw occupancyNotFound();
      checkKeeper(ctx, KEEPERS, unit);
      requireMatch(ctx, before.version);
      const others = await this.repository.ofUnit(tx, unit.id);
      checkOccupancy(
        { ...before, to },
        others.filter(({ occupancyId }) => occupancyId !== id),
      );
      const after = { ...before, to, version: before.version + 1 };
      await this.repository.end(tx, after);
      const { propertyUnitId, branchId, enteredAs: customerId, role, from } = after;
      await this.records.tell(tx, ctx, {
        entity: 'property-unit',
        id: propertyUnitId,
        branchId,
        aggregateId: propertyUnitId,
        sequence: await this.repository.moveUnitOn(tx, propertyUnitId),
        action: 'end-occupancy',
        reason,
        changes: [{ field: 'occupancy.to', from: before.to, to }],
        definition: OccupancyEnded,
        data: { occupancyId: id, propertyUnitId, customerId, role, from, to },
      });
      return after;
    });
  }

  async list(ctx: CallContext, query: OccupanciesQuery): Promise<Page<OccupancyDto>> {
    return this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
  }
}

const occupancyNotFound = (): DomainError =>
  notFound('occupancy.not-found', 'There is no such occupancy in your scope.');

const customerUnknown = (): DomainError =>
  unprocessable(
    'occupancy.customer-unknown',
    'The branch does not know this customer (yet): register or link it first.',
    [{ path: 'customerId', code: 'unknown', detail: 'No customer of this branch.' }],
  );
