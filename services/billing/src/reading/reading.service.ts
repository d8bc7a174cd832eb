import { Injectable } from '@nestjs/common';
import { ReadingRecorded, READING_JUMP } from '@steward/contracts';
import { Policies } from '@steward/directory';
import { fromLocalTime, newId, toLocalDate } from '@steward/kernel';
import { Outbox, type NewEvent } from '@steward/messaging';
import { Audit, type AuditEntry, type CallContext, type Tx } from '@steward/platform';
import { BranchService } from '../branch/branch.service.js';
import { MeterRepository, type Meter } from '../meter/meter.repository.js';
import { judge, type Refusal } from './judge.rules.js';
import { ReadingRepository, type Reading } from './reading.repository.js';
import type { JumpLimits, ReadingKind, ReadingSource } from './reading.rules.js';

/** A reading to take. `checked`: somebody has looked at it already, so a suspicion does not hold it. */
export type NewReading = Readonly<{
  meterId: string;
  day: string;
  value: string;
  source: ReadingSource;
  kind: ReadingKind;
  estimated: boolean;
  checked?: boolean;
  note?: string | undefined;
}>;

export type Taken =
  | Readonly<{ outcome: 'taken' | 'same'; reading: Reading }>
  | Readonly<{ outcome: 'refused'; why: Refusal | 'meter-unknown' }>;

/** Readings before a new one that its checks may need: the six of the median and some estimates. */
const HISTORY = 12;

type Work = { meter: Meter; standing: Reading[]; told: number };

/** Takes readings: checked against their meter's history, in a constant number of statements for any number (BIL-06). */
@Injectable()
export class ReadingService {
  constructor(
    private readonly repository: ReadingRepository,
    private readonly meters: MeterRepository,
    private readonly branches: BranchService,
    private readonly policies: Policies,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
  ) {}

  /** The jumps that the branch's policy names. */
  async limitsOf(branchId: string, at: Date): Promise<JumpLimits> {
    return (await this.policies.resolve(READING_JUMP, branchId, at)).value;
  }

  async timeZoneOf(branchId: string): Promise<string> {
    return (await this.branches.of(branchId)).timeZone;
  }

  /** A reading that the register of meters tells of (a meter installed or removed). */
  async take(
    tx: Tx,
    ctx: CallContext,
    reading: Pick<NewReading, 'meterId' | 'day' | 'value' | 'kind'>,
  ): Promise<void> {
    await this.takeAll(tx, ctx, [{ ...reading, source: 'import', estimated: false, checked: true }]);
  }

  /** Takes readings of one branch, each meter's in the order of days; answers in the order given. */
  async takeAll(tx: Tx, ctx: CallContext, readings: readonly NewReading[]): Promise<Taken[]> {
    const work = await this.lockWork(tx, readings);
    const first = work.values().next().value;
    if (!first) return readings.map(() => ({ outcome: 'refused', why: 'meter-unknown' }));
    const { branchId } = first.meter;
    const zone = await this.timeZoneOf(branchId);
    const limits = await this.limitsOf(branchId, ctx.now);
    const taken = new Map<NewReading, Taken>();
    for (const reading of [...readings].sort((a, b) => (a.day < b.day ? -1 : 1))) {
      const at = work.get(reading.meterId);
      const today = ctx.actor.kind === 'system' ? '9999-12-31' : toLocalDate(ctx.now, zone);
      taken.set(
        reading,
        at ? place(ctx, at, reading, limits, today) : { outcome: 'refused', why: 'meter-unknown' },
      );
    }
    const added = [...taken.values()].flatMap((one) => (one.outcome === 'taken' ? [one.reading] : []));
    await this.repository.addAll(tx, added);
    await this.tell(
      tx,
      ctx,
      added.filter(({ state }) => state === 'accepted'),
      work,
      zone,
    );
    await this.audit.recordAll(tx, ctx, added.map(takenEntry));
    return readings.map((reading) => taken.get(reading)!);
  }

  /** States the fact of readings that were accepted; the meters are locked. */
  async tellAccepted(tx: Tx, ctx: CallContext, reading: Reading): Promise<void> {
    const [meter] = await this.meters.lockAll(tx, [reading.meterId]);
    const work = new Map([[reading.meterId, { meter: meter!, standing: [], told: meter!.readings }]]);
    await this.tell(tx, ctx, [reading], work, await this.timeZoneOf(reading.branchId));
  }

  private async lockWork(tx: Tx, readings: readonly NewReading[]): Promise<Map<string, Work>> {
    const ids = [...new Set(readings.map(({ meterId }) => meterId))];
    const meters = await this.meters.lockAll(tx, ids);
    const first = readings.reduce((least, { day }) => (day < least ? day : least), '9999-12-31');
    const around = await this.repository.around(tx, ids, first, HISTORY);
    const byMeter = Map.groupBy(around, ({ meterId }) => meterId);
    return new Map(
      meters.map((meter) => [
        meter.id,
        { meter, standing: byMeter.get(meter.id) ?? [], told: meter.readings },
      ]),
    );
  }

  private async tell(
    tx: Tx,
    ctx: CallContext,
    readings: readonly Reading[],
    work: ReadonlyMap<string, Work>,
    zone: string,
  ): Promise<void> {
    if (readings.length === 0) return;
    const events = readings.map((reading): NewEvent<ReadingRecorded> => {
      const at = work.get(reading.meterId)!;
      at.told += 1;
      const { id: readingId, meterId, day, value, source, kind, estimated, suspect } = reading;
      const readAt = fromLocalTime(`${day}T00:00:00`, zone).toISOString();
      return {
        definition: ReadingRecorded,
        aggregateId: meterId,
        branchId: reading.branchId,
        sequence: at.told,
        occurredAt: ctx.now,
        data: { readingId, meterId, readAt, value, source, kind, estimated, suspect: [...suspect] },
      };
    });
    await this.outbox.append(tx, ctx, events);
    const told = readings.map(({ meterId }) => [meterId, work.get(meterId)!.told] as const);
    await this.meters.count(tx, new Map(told));
  }
}

function place(ctx: CallContext, work: Work, reading: NewReading, limits: JumpLimits, today: string): Taken {
  const { meter, standing } = work;
  const judged = judge(reading, standing, meter, limits, today);
  if (judged.outcome === 'refused') return judged;
  if (judged.outcome === 'same')
    return { outcome: 'same', reading: standing.find(({ day }) => day === reading.day)! };
  const { meterId, day, value, source, kind, estimated, checked = false, note } = reading;
  const added: Reading = {
    id: newId(ctx.now.getTime()),
    branchId: meter.branchId,
    siteId: meter.siteId,
    meterId,
    day,
    value,
    source,
    kind,
    estimated,
    suspect: [...judged.suspect],
    rolledOver: judged.rolledOver,
    state: judged.suspect.length === 0 || checked ? 'accepted' : 'held',
    note: note ?? null,
    recordedBy: ctx.actor.id,
    recordedAt: ctx.now.toISOString(),
    version: 1,
  };
  work.standing = [...standing, added].sort((a, b) => (a.day < b.day ? -1 : 1));
  return { outcome: 'taken', reading: added };
}

const takenEntry = ({ branchId, id, meterId, day, value, state, suspect }: Reading): AuditEntry => ({
  branchId,
  entity: 'reading',
  entityId: id,
  action: 'record',
  changes: [
    { field: 'meterId', from: null, to: meterId },
    { field: 'day', from: null, to: day },
    { field: 'value', from: null, to: value },
    { field: 'state', from: null, to: state },
    ...(suspect.length === 0 ? [] : [{ field: 'suspect', from: null, to: suspect }]),
  ],
});
