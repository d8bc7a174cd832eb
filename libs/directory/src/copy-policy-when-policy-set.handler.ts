import { Injectable } from '@nestjs/common';
import { PolicySet, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { DirectoryCopyService } from './directory-copy.service.js';

@Injectable()
@Handles(PolicySet, {
  repeat: 'a known version is left as it is',
  late: 'versions are kept side by side and chosen by date',
})
export class CopyPolicyWhenPolicySet {
  constructor(private readonly copy: DirectoryCopyService) {}

  async handle(tx: Tx, event: EventEnvelope<PolicySet>): Promise<void> {
    await this.copy.keepPolicy(tx, event.data);
  }
}
