import { Injectable } from '@nestjs/common';
import { MeterInstalled, type EventEnvelope } from '@steward/contracts';
import { Handles, reactionContext } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { MeterService } from './meter.service.js';

/** A meter begins with the reading that it was installed with (BIL-06). */
@Injectable()
@Handles(MeterInstalled, {
  repeat: 'a meter is known once, and it has one reading of a day',
  late: 'facts of a meter come in order',
})
export class CopyMeterWhenMeterInstalled {
  constructor(private readonly meters: MeterService) {}

  async handle(tx: Tx, event: EventEnvelope<MeterInstalled>): Promise<void> {
    const ctx = reactionContext(tx, event, new Date(event.time));
    await this.meters.install(tx, ctx, event.branch!, event.data);
  }
}
