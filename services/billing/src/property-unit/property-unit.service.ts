import { Injectable } from '@nestjs/common';
import type { Tx } from '@steward/platform';
import { PropertyUnitRepository, type PropertyUnit } from './property-unit.repository.js';

/** Keeps the copy of the register's units. */
@Injectable()
export class PropertyUnitService {
  constructor(private readonly repository: PropertyUnitRepository) {}

  async put(tx: Tx, unit: PropertyUnit): Promise<void> {
    await this.repository.put(tx, unit);
  }
}
