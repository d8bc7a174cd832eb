import { Injectable } from '@nestjs/common';
import { RoleRevoked, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { DirectoryCopyService } from './directory-copy.service.js';

@Injectable()
@Handles(RoleRevoked, {
  repeat: 'sets the same end again',
  late: 'the facts of an employee come in order: the grant is there',
})
export class WithdrawGrantWhenRoleRevoked {
  constructor(private readonly copy: DirectoryCopyService) {}

  async handle(tx: Tx, event: EventEnvelope<RoleRevoked>): Promise<void> {
    await this.copy.revokeGrant(tx, event.data);
  }
}
