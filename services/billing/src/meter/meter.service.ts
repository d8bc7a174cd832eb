import { Injectable } from '@nestjs/common';
import type { MeterInstalled, MeterRemoved } from '@steward/contracts';
import type { CallContext, Tx } from '@steward/platform';
import { ReadingService } from '../reading/reading.service.js';
import { MeterRepository } from './meter.repository.js';

/** Keeps the copy of the register's meters, with the readings that begin and end them (BIL-06). */
@Injectable()
export class MeterService {
  constructor(
    private readonly meters: MeterRepository,
    private readonly readings: ReadingService,
  ) {}

  async install(tx: Tx, ctx: CallContext, branchId: string, data: MeterInstalled): Promise<void> {
    const { meterId: id, openingReading: value, installedOn, ...meter } = data;
    await this.meters.add(tx, { ...meter, id, branchId, installedOn, removedOn: null, readings: 0 });
    await this.readings.take(tx, ctx, { meterId: id, day: installedOn, value, kind: 'opening' });
  }

  async remove(tx: Tx, ctx: CallContext, data: MeterRemoved): Promise<void> {
    const { meterId, removedOn: day, closingReading: value } = data;
    await this.meters.remove(tx, meterId, day);
    await this.readings.take(tx, ctx, { meterId, day, value, kind: 'closing' });
  }
}
