import { Injectable } from '@nestjs/common';
import { PropertyUnitChanged, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { PlaceService } from './place.service.js';

@Injectable()
@Handles(PropertyUnitChanged, {
  repeat: 'the same state is kept again',
  late: 'facts of a unit come in order, each with its whole state',
})
export class KnowPropertyUnitWhenPropertyUnitChanged {
  constructor(private readonly places: PlaceService) {}

  async handle(tx: Tx, { branch, data }: EventEnvelope<PropertyUnitChanged>): Promise<void> {
    await this.places.keepUnit(tx, branch!, data);
  }
}
