import { Injectable } from '@nestjs/common';
import { UnitRegistered, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { DirectoryCopyService } from './directory-copy.service.js';

@Injectable()
@Handles(UnitRegistered, {
  repeat: 'writes the same state again',
  late: 'the facts of a unit come in order; others find it by id when it is there',
})
export class CopyUnitWhenUnitRegistered {
  constructor(private readonly copy: DirectoryCopyService) {}

  async handle(tx: Tx, event: EventEnvelope<UnitRegistered>): Promise<void> {
    await this.copy.keepUnit(tx, event.data);
  }
}
