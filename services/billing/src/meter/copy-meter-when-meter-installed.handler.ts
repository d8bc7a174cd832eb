import { Injectable } from '@nestjs/common';
import { MeterInstalled, type EventEnvelope } from '@steward/contracts';
import { Handles, reactionContext } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { ReadingService } from '../reading/reading.service.js';
import { MeterRepository } from './meter.repository.js';

/** A meter begins with the reading that it was installed with (BIL-06). */
@Injectable()
@Handles(MeterInstalled, {
  repeat: 'a meter is known once, and it has one reading of a day',
  late: 'facts of a meter come in order',
})
export class CopyMeterWhenMeterInstalled {
  constructor(
    private readonly meters: MeterRepository,
    private readonly readings: ReadingService,
  ) {}

  async handle(tx: Tx, event: EventEnvelope<MeterInstalled>): Promise<void> {
    const { meterId: id, openingReading: value, installedOn: day, ...meter } = event.data;
    await this.meters.add(tx, {
      ...meter,
      id,
      branchId: event.branch!,
      installedOn: day,
      removedOn: null,
      readings: 0,
    });
    const ctx = reactionContext(tx, event, new Date(event.time));
    await this.readings.take(tx, ctx, { meterId: id, day, value, kind: 'opening' });
  }
}
