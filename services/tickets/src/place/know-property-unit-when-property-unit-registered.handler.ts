import { Injectable } from '@nestjs/common';
import { PropertyUnitRegistered, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { PlaceRepository } from './place.repository.js';

@Injectable()
@Handles(PropertyUnitRegistered, {
  repeat: 'the same state is kept again',
  late: 'facts of a unit come in order, each with its whole state',
})
export class KnowPropertyUnitWhenPropertyUnitRegistered {
  constructor(private readonly places: PlaceRepository) {}

  async handle(tx: Tx, { branch, data }: EventEnvelope<PropertyUnitRegistered>): Promise<void> {
    const { propertyUnitId, siteId, code, active } = data;
    await this.places.keepUnit(tx, { branchId: branch!, propertyUnitId, siteId, code, active });
  }
}
