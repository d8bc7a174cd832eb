import { Injectable } from '@nestjs/common';
import { PropertyUnitRegistered, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { PropertyUnitService } from './property-unit.service.js';

@Injectable()
@Handles(PropertyUnitRegistered, {
  repeat: 'the same state is copied again',
  late: 'facts of a unit come in order',
})
export class CopyPropertyUnitWhenPropertyUnitRegistered {
  constructor(private readonly units: PropertyUnitService) {}

  async handle(tx: Tx, { branch, data }: EventEnvelope<PropertyUnitRegistered>): Promise<void> {
    const { propertyUnitId: id, ...unit } = data;
    await this.units.put(tx, { ...unit, id, branchId: branch! });
  }
}
