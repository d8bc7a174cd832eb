import { Injectable } from '@nestjs/common';
import { CalendarDefined } from '@steward/contracts';
import { checkCalendar, newId } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import {
  changesOf,
  Audit,
  Commands,
  Database,
  requireMatch,
  rolesAt,
  type CallContext,
  type Page,
  type Tx,
} from '@steward/platform';
import { isBackdated } from '../backdating.rules.js';
import { UnitRepository } from '../unit/unit.repository.js';
import type {
  CalendarDto,
  CalendarsQuery,
  CalendarVersionBody,
  DefineCalendarBody,
  VersionsQuery,
} from './calendar.dto.js';
import type { CalendarVersion } from './calendar.entity.js';
import {
  calendarBackdated,
  calendarBranchUnknown,
  calendarNotFound,
  calendarRoleMissing,
} from './calendar.errors.js';
import { CalendarRepository } from './calendar.repository.js';
import { mayKeepCalendar } from './calendar.rules.js';

/** Business calendars: working hours, holidays, make-up working days; each change is a new dated version. */
@Injectable()
export class CalendarService {
  constructor(
    private readonly database: Database,
    private readonly repository: CalendarRepository,
    private readonly units: UnitRepository,
    private readonly commands: Commands,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
  ) {}

  async define(ctx: CallContext, body: DefineCalendarBody): Promise<CalendarDto> {
    checkCalendar(body.calendar);
    const branchId = body.branchId ?? null;
    return this.commands.execute(ctx, async (tx) => {
      if (branchId !== null && (await this.units.find(tx, branchId))?.kind !== 'branch')
        throw calendarBranchUnknown();
      if (!mayKeepCalendar(branchId, rolesAt(ctx, { branchId }))) throw calendarRoleMissing();
      const id = newId(ctx.now.getTime());
      return this.keep(tx, ctx, null, versionOf(ctx, { id, branchId, version: 1, name: body.name }, body));
    });
  }

  /** A version counts from its date on; what was decided before keeps the version that it was decided by. */
  async redefine(ctx: CallContext, id: string, body: CalendarVersionBody): Promise<CalendarDto> {
    checkCalendar(body.calendar);
    return this.commands.execute(ctx, async (tx) => {
      const seen = await this.repository.find(tx, id);
      if (!seen) throw calendarNotFound();
      const { branchId } = seen;
      const roles = rolesAt(ctx, { branchId });
      if (!mayKeepCalendar(branchId, roles)) throw calendarRoleMissing();
      const { version } = (await this.repository.lock(tx, id))!;
      requireMatch(ctx, version);
      if (isBackdated(new Date(body.effectiveFrom), ctx.now) && !roles.includes('hq-admin'))
        throw calendarBackdated();
      const before = (await this.repository.latest(tx, id))!;
      const head = { id, branchId, version: version + 1, name: body.name ?? before.name };
      return this.keep(tx, ctx, before, versionOf(ctx, head, body));
    });
  }

  async get(ctx: CallContext, id: string): Promise<CalendarDto> {
    const found = await this.database.read(ctx.scope, (tx) => this.repository.latest(tx, id));
    if (!found) throw calendarNotFound();
    return toDto(found);
  }

  async list(ctx: CallContext, query: CalendarsQuery): Promise<Page<CalendarDto>> {
    const page = await this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
    return { items: page.items.map(toDto), next: page.next };
  }

  async versions(ctx: CallContext, id: string, query: VersionsQuery): Promise<Page<CalendarDto>> {
    const page = await this.database.read(ctx.scope, async (tx) => {
      if (!(await this.repository.find(tx, id))) throw calendarNotFound();
      return this.repository.versions(tx, id, query);
    });
    return { items: page.items.map(toDto), next: page.next };
  }

  private async keep(
    tx: Tx,
    ctx: CallContext,
    before: CalendarVersion | null,
    after: CalendarVersion,
  ): Promise<CalendarDto> {
    await this.repository.keep(tx, newId(ctx.now.getTime()), after);
    await this.audit.record(tx, ctx, {
      branchId: after.branchId,
      entity: 'calendar',
      entityId: after.id,
      action: before ? 'redefine' : 'define',
      ...(after.reason === null ? {} : { reason: after.reason }),
      changes: changesOf(before, after, ['name', 'calendar', 'effectiveFrom']),
    });
    const { id: calendarId, version, name, calendar } = after;
    await this.outbox.append(tx, ctx, {
      definition: CalendarDefined,
      aggregateId: calendarId,
      branchId: null,
      sequence: version,
      occurredAt: ctx.now,
      data: { calendarId, version, name, calendar, effectiveFrom: after.effectiveFrom.toISOString() },
    });
    return toDto(after);
  }
}

type Head = Pick<CalendarVersion, 'id' | 'branchId' | 'version' | 'name'>;

function versionOf(ctx: CallContext, head: Head, body: CalendarVersionBody): CalendarVersion {
  return {
    ...head,
    calendar: body.calendar,
    effectiveFrom: new Date(body.effectiveFrom),
    reason: body.reason ?? null,
    definedBy: ctx.actor.id,
    definedAt: ctx.now,
  };
}

function toDto(version: CalendarVersion): CalendarDto {
  return {
    id: version.id,
    branchId: version.branchId,
    name: version.name,
    version: version.version,
    calendar: version.calendar,
    effectiveFrom: version.effectiveFrom.toISOString(),
    reason: version.reason,
    definedBy: version.definedBy,
    definedAt: version.definedAt.toISOString(),
  };
}
