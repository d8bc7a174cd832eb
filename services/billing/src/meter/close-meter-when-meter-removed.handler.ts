import { Injectable } from '@nestjs/common';
import { MeterRemoved, type EventEnvelope } from '@steward/contracts';
import { Handles, reactionContext } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { MeterService } from './meter.service.js';

/** A meter ends with the reading that it was taken out with; the one that replaces it begins with its own (BIL-06). */
@Injectable()
@Handles(MeterRemoved, {
  repeat: 'a removed meter stays removed, and it has one reading of a day',
  late: 'facts of a meter come in order',
})
export class CloseMeterWhenMeterRemoved {
  constructor(private readonly meters: MeterService) {}

  async handle(tx: Tx, event: EventEnvelope<MeterRemoved>): Promise<void> {
    await this.meters.remove(tx, reactionContext(tx, event, new Date(event.time)), event.data);
  }
}
