import { Injectable } from '@nestjs/common';
import type { OccupancyBegan, OccupancyEnded } from '@steward/contracts';
import type { Tx } from '@steward/platform';
import { OccupancyRepository } from './occupancy.repository.js';

/** Keeps the copy of who owns and occupies units. */
@Injectable()
export class OccupancyService {
  constructor(private readonly occupancies: OccupancyRepository) {}

  async copy(tx: Tx, branchId: string, data: OccupancyBegan | OccupancyEnded): Promise<void> {
    const { occupancyId: id, ...occupancy } = data;
    await this.occupancies.put(tx, { ...occupancy, id, branchId });
  }
}
