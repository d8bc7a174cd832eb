import { Injectable } from '@nestjs/common';
import { RoleGranted, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { DirectoryCopyService } from './directory-copy.service.js';

@Injectable()
@Handles(RoleGranted, {
  repeat: 'a known grant is left as it is',
  late: 'its unit is looked up at each use, so it may come after',
})
export class CopyGrantWhenRoleGranted {
  constructor(private readonly copy: DirectoryCopyService) {}

  async handle(tx: Tx, event: EventEnvelope<RoleGranted>): Promise<void> {
    await this.copy.keepGrant(tx, event.data);
  }
}
