import { Injectable } from '@nestjs/common';
import { UnitChanged, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { DirectoryCopyService } from './directory-copy.service.js';

@Injectable()
@Handles(UnitChanged, {
  repeat: 'writes the same state again',
  late: 'the facts of a unit come in order; the last state stays',
})
export class CopyUnitWhenUnitChanged {
  constructor(private readonly copy: DirectoryCopyService) {}

  async handle(tx: Tx, event: EventEnvelope<UnitChanged>): Promise<void> {
    await this.copy.keepUnit(tx, event.data);
  }
}
