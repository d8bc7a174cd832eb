import { Injectable } from '@nestjs/common';
import { PropertyUnitChanged, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { PropertyUnitRepository } from './property-unit.repository.js';

@Injectable()
@Handles(PropertyUnitChanged, {
  repeat: 'the same state is copied again',
  late: 'facts of a unit come in order',
})
export class CopyPropertyUnitWhenPropertyUnitChanged {
  constructor(private readonly units: PropertyUnitRepository) {}

  async handle(tx: Tx, { branch, data }: EventEnvelope<PropertyUnitChanged>): Promise<void> {
    const { propertyUnitId: id, ...unit } = data;
    await this.units.put(tx, { ...unit, id, branchId: branch! });
  }
}
