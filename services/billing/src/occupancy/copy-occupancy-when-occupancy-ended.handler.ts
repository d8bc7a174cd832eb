import { Injectable } from '@nestjs/common';
import { OccupancyEnded, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { OccupancyService } from './occupancy.service.js';

@Injectable()
@Handles(OccupancyEnded, {
  repeat: 'the same days are copied again',
  late: 'facts of a unit come in order',
})
export class CopyOccupancyWhenOccupancyEnded {
  constructor(private readonly occupancies: OccupancyService) {}

  async handle(tx: Tx, { branch, data }: EventEnvelope<OccupancyEnded>): Promise<void> {
    await this.occupancies.copy(tx, branch!, data);
  }
}
