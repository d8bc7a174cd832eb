import { Injectable } from '@nestjs/common';
import { conflict, notFound, unprocessable, type DomainError } from '@steward/kernel';
import {
  Audit,
  Commands,
  Database,
  inScope,
  requireMatch,
  rolesAt,
  type CallContext,
  type Page,
  type Tx,
} from '@steward/platform';
import { MeterRepository, type Meter } from '../meter/meter.repository.js';
import { READING_ROLES } from './access.js';
import { historyOf, type Standing } from './judge.rules.js';
import type {
  JudgeReadingBody,
  MissingReadingDto,
  MissingReadingsQuery,
  ReadingDto,
  ReadingsQuery,
  RecordReadingBody,
} from './reading.dto.js';
import { ReadingRepository, type Reading } from './reading.repository.js';
import { estimate } from './reading.rules.js';
import { ReadingService } from './reading.service.js';

const HISTORY = 12;

/** Readings by hand: recorded, confirmed after a look, or voided (BIL-06). */
@Injectable()
export class ReadingCommandService {
  constructor(
    private readonly database: Database,
    private readonly repository: ReadingRepository,
    private readonly meters: MeterRepository,
    private readonly readings: ReadingService,
    private readonly commands: Commands,
    private readonly audit: Audit,
  ) {}

  async record(ctx: CallContext, body: RecordReadingBody): Promise<ReadingDto> {
    return this.commands.execute(ctx, async (tx) => {
      const meter = await this.meters.find(tx, body.meterId);
      if (!meter || !inScope(ctx.scope.write, meter)) throw meterUnknown();
      const value = body.value ?? (await this.expected(tx, ctx, meter, body.day));
      const [taken] = await this.readings.takeAll(tx, ctx, [{ ...body, value }]);
      if (taken!.outcome === 'refused') throw refused(taken!.why);
      if (taken!.outcome === 'same')
        throw conflict('reading.exists', 'The meter has this reading of the day already.');
      return shown(ctx, taken!.reading);
    });
  }

  async confirm(ctx: CallContext, id: string, { reason }: JudgeReadingBody): Promise<ReadingDto> {
    return this.commands.execute(ctx, async (tx) => {
      const before = await this.lock(tx, ctx, id);
      if (before.state !== 'held')
        throw conflict('reading.not-held', 'Only a reading that is held is confirmed.');
      const after: Reading = { ...before, state: 'accepted', version: before.version + 1 };
      await this.change(tx, ctx, before, after, 'confirm', reason);
      await this.readings.tellAccepted(tx, ctx, after);
      return shown(ctx, after);
    });
  }

  async void(ctx: CallContext, id: string, { reason }: JudgeReadingBody): Promise<ReadingDto> {
    return this.commands.execute(ctx, async (tx) => {
      const before = await this.lock(tx, ctx, id);
      if (before.state === 'voided') throw conflict('reading.voided', 'The reading is void already.');
      const after: Reading = { ...before, state: 'voided', version: before.version + 1 };
      await this.change(tx, ctx, before, after, 'void', reason);
      return shown(ctx, after);
    });
  }

  async get(ctx: CallContext, id: string): Promise<ReadingDto> {
    const reading = await this.database.read(ctx.scope, (tx) => this.repository.find(tx, id));
    if (!reading) throw readingNotFound();
    return shown(ctx, reading);
  }

  async list(ctx: CallContext, query: ReadingsQuery): Promise<Page<ReadingDto>> {
    const page = await this.database.read(ctx.scope, (tx) => this.repository.list(tx, query));
    return { ...page, items: page.items.map((reading) => shown(ctx, reading)) };
  }

  async missing(ctx: CallContext, query: MissingReadingsQuery): Promise<Page<MissingReadingDto>> {
    return this.database.read(ctx.scope, (tx) => this.repository.missing(tx, query));
  }

  private async expected(tx: Tx, ctx: CallContext, meter: Meter, day: string): Promise<string> {
    const around = await this.repository.around(tx, [meter.id], day, HISTORY);
    const accepted = around.filter(({ state }) => state === 'accepted') as readonly Standing[];
    const { of } = await this.readings.limitsOf(meter.branchId, ctx.now);
    const value = estimate(day, historyOf({ day }, accepted), meter, of);
    if (value === null)
      throw unprocessable('reading.no-estimate', 'The meter has too few readings to expect one.');
    return value;
  }

  private async lock(tx: Tx, ctx: CallContext, id: string): Promise<Reading> {
    const reading = await this.repository.lock(tx, id);
    if (!reading || !inScope(ctx.scope.write, reading)) throw readingNotFound();
    requireMatch(ctx, reading.version);
    return reading;
  }

  private async change(
    tx: Tx,
    ctx: CallContext,
    before: Reading,
    after: Reading,
    action: string,
    reason: string,
  ): Promise<void> {
    await this.repository.setState(tx, after);
    await this.audit.record(tx, ctx, {
      branchId: after.branchId,
      entity: 'reading',
      entityId: after.id,
      action,
      reason,
      changes: [{ field: 'state', from: before.state, to: after.state }],
    });
  }
}

function shown(ctx: CallContext, reading: Reading): ReadingDto {
  const may = rolesAt(ctx, reading).some((role) => READING_ROLES.includes(role));
  const actions: ReadingDto['actions'] =
    !may || reading.state === 'voided' ? [] : reading.state === 'held' ? ['confirm', 'void'] : ['void'];
  return { ...reading, actions };
}

const readingNotFound = (): DomainError =>
  notFound('reading.not-found', 'There is no such reading in your scope.');

const meterUnknown = (): DomainError =>
  notFound('reading.meter-unknown', 'There is no such meter in your scope.');

const WHY: Readonly<Record<string, string>> = {
  'before-installation': 'The meter was not in place on that day.',
  'after-removal': 'The meter was removed before that day.',
  'too-many-digits': 'The register has fewer digits.',
  'day-ahead': 'The day has not come yet.',
  differs: 'The meter has another reading of that day. Void it first.',
  'meter-unknown': 'There is no such meter in your scope.',
};

/** The refusal of a reading, for requests and rows of files. */
export const refused = (why: string): DomainError =>
  why === 'differs' ? conflict('reading.differs', WHY[why]!) : unprocessable(`reading.${why}`, WHY[why]!);
