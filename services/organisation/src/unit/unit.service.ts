import { Injectable } from '@nestjs/common';
import { UnitChanged, UnitRegistered } from '@steward/contracts';
import { newId } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import {
  changesOf,
  Audit,
  Commands,
  Database,
  requireMatch,
  type CallContext,
  type Page,
  type Tx,
} from '@steward/platform';
import { rolesOver } from '../access.js';
import { CalendarRepository } from '../calendar/calendar.repository.js';
import type { ChangeUnitBody, RegisterUnitBody, UnitDto, UnitsQuery } from './unit.dto.js';
import type { Unit } from './unit.entity.js';
import {
  calendarUnknown,
  codeTaken,
  keeperMissing,
  openUnitsBelow,
  parentClosed,
  parentDoesNotFit,
  parentUnknown,
  unitNotFound,
  zoneMissing,
} from './unit.errors.js';
import { UnitRepository } from './unit.repository.js';
import { branchOf, fitsUnder, mayKeep, mayRegister } from './unit.rules.js';

/** The tree of the group: regions, branches, sites. */
@Injectable()
export class UnitService {
  constructor(
    private readonly database: Database,
    private readonly repository: UnitRepository,
    private readonly calendars: CalendarRepository,
    private readonly commands: Commands,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
  ) {}

  async register(ctx: CallContext, body: RegisterUnitBody): Promise<UnitDto> {
    return this.commands.execute(ctx, (tx) => this.add(tx, ctx, body));
  }

  async change(ctx: CallContext, id: string, body: ChangeUnitBody): Promise<UnitDto> {
    return this.commands.execute(ctx, async (tx) => {
      const before = await this.visible(tx, id);
      if (!mayKeep(before.kind, rolesOver(ctx, before))) throw keeperMissing(before.kind);
      const locked = await this.repository.lock(tx, id);
      if (!locked) throw unitNotFound();
      requireMatch(ctx, locked.version);
      return this.put(tx, ctx, locked, body);
    });
  }

  async get(ctx: CallContext, id: string): Promise<UnitDto> {
    return this.database.read(ctx.scope, (tx) => this.visible(tx, id));
  }

  async list(ctx: CallContext, query: UnitsQuery): Promise<Page<UnitDto>> {
    return this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
  }

  /** Adds a region, branch or site in a transaction that the caller has opened (requests, imports). */
  async add(tx: Tx, ctx: CallContext, body: RegisterUnitBody): Promise<Unit> {
    const path = await this.repository.pathOf(tx, body.parentId);
    const seen = path.at(-1);
    if (!seen) throw parentUnknown();
    if (!mayRegister(body.kind, rolesOver(ctx, seen))) throw keeperMissing(body.kind);
    const parent = await this.repository.lock(tx, seen.id);
    if (!parent) throw parentUnknown();
    if (!fitsUnder(body.kind, parent.kind)) throw parentDoesNotFit(body.kind, parent.kind);
    if (!parent.active) throw parentClosed();
    const unit = opened(newId(ctx.now.getTime()), body, path);
    await this.checkCalendar(tx, unit);
    await this.store(tx, ctx, unit, path);
    return unit;
  }

  /** Changes a unit that the caller has locked. */
  async put(tx: Tx, ctx: CallContext, before: Unit, { reason, ...fields }: ChangeUnitBody): Promise<Unit> {
    const after: Unit = { ...before, ...defined(fields), version: before.version + 1 };
    if (before.active && !after.active) {
      const open = await this.repository.openBelow(tx, after.id);
      if (open > 0) throw openUnitsBelow(open);
    }
    if (!before.active && after.active) {
      const parent = after.parentId === null ? null : await this.repository.find(tx, after.parentId);
      if (parent?.active === false) throw parentClosed();
    }
    if (after.calendarId !== before.calendarId) await this.checkCalendar(tx, after);
    await this.repository.update(tx, after);
    await this.audit.record(tx, ctx, {
      ...entryOf(before, after),
      ...(reason === undefined ? {} : { reason }),
    });
    await this.outbox.append(tx, ctx, eventOf(ctx, after));
    return after;
  }

  /** Stores a new unit with its trail and its event; `path` are the units above it. */
  async store(tx: Tx, ctx: CallContext, unit: Unit, path: readonly Unit[]): Promise<void> {
    const above = path.map((each) => each.id);
    if (!(await this.repository.add(tx, unit, above))) throw codeTaken(unit.code);
    await this.audit.record(tx, ctx, entryOf(null, unit));
    await this.outbox.append(tx, ctx, eventOf(ctx, unit));
  }

  private async visible(tx: Tx, id: string): Promise<Unit> {
    const unit = await this.repository.find(tx, id);
    if (!unit) throw unitNotFound();
    return unit;
  }

  private async checkCalendar(tx: Tx, unit: Unit): Promise<void> {
    if (unit.calendarId === null) return;
    const calendar = await this.calendars.find(tx, unit.calendarId);
    if (!calendar || (calendar.branchId !== null && calendar.branchId !== unit.branchId))
      throw calendarUnknown();
  }
}

// A branch states zone and locale itself, so that whoever knows the branch knows them; sites have their branch's.
function opened(id: string, body: RegisterUnitBody, path: readonly Unit[]): Unit {
  const { kind, parentId, code, name } = body;
  const inherited = (field: 'timeZone' | 'locale'): string | null => {
    const found =
      body[field] ?? (kind === 'branch' ? path.findLast((unit) => unit[field])?.[field] : null) ?? null;
    if (kind === 'branch' && found === null) throw zoneMissing(field);
    return found;
  };
  return {
    id,
    kind,
    parentId,
    branchId: branchOf({ id, kind, parentId }),
    code,
    name,
    timeZone: inherited('timeZone'),
    locale: inherited('locale'),
    calendarId: body.calendarId ?? null,
    active: true,
    version: 1,
  };
}

const defined = <T extends object>(fields: T): Partial<Unit> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const FIELDS = ['kind', 'parentId', 'code', 'name', 'timeZone', 'locale', 'calendarId', 'active'] as const;

function entryOf(before: Unit | null, after: Unit) {
  return {
    branchId: after.branchId,
    entity: 'unit',
    entityId: after.id,
    action: actionOf(before, after),
    changes: changesOf(before, after, FIELDS),
  };
}

function actionOf(before: Unit | null, after: Unit): string {
  if (!before) return 'register';
  if (before.active === after.active) return 'change';
  return after.active ? 'reopen' : 'close';
}

function eventOf(ctx: CallContext, { id: unitId, version, ...state }: Unit) {
  return {
    definition: version === 1 ? UnitRegistered : UnitChanged,
    aggregateId: unitId,
    branchId: null,
    sequence: version,
    occurredAt: ctx.now,
    data: { unitId, ...state },
  };
}
