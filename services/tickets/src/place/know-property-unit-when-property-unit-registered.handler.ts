import { Injectable } from '@nestjs/common';
import { PropertyUnitRegistered, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { PlaceService } from './place.service.js';

@Injectable()
@Handles(PropertyUnitRegistered, {
  repeat: 'the same state is kept again',
  late: 'facts of a unit come in order, each with its whole state',
})
export class KnowPropertyUnitWhenPropertyUnitRegistered {
  constructor(private readonly places: PlaceService) {}

  async handle(tx: Tx, { branch, data }: EventEnvelope<PropertyUnitRegistered>): Promise<void> {
    await this.places.keepUnit(tx, branch!, data);
  }
}
