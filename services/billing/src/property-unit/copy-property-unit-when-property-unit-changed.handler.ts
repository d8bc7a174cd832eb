import { Injectable } from '@nestjs/common';
import { PropertyUnitChanged, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { PropertyUnitService } from './property-unit.service.js';

@Injectable()
@Handles(PropertyUnitChanged, {
  repeat: 'the same state is copied again',
  late: 'facts of a unit come in order',
})
export class CopyPropertyUnitWhenPropertyUnitChanged {
  constructor(private readonly units: PropertyUnitService) {}

  async handle(tx: Tx, { branch, data }: EventEnvelope<PropertyUnitChanged>): Promise<void> {
    const { propertyUnitId: id, ...unit } = data;
    await this.units.put(tx, { ...unit, id, branchId: branch! });
  }
}
