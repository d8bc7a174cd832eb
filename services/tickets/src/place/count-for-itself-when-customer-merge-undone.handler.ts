import { Injectable } from '@nestjs/common';
import { CustomerMergeUndone, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { PlaceService } from './place.service.js';

@Injectable()
@Handles(CustomerMergeUndone, {
  repeat: 'a separate customer stays separate',
  late: 'facts of the merged customer come in order',
})
export class CountForItselfWhenCustomerMergeUndone {
  constructor(private readonly places: PlaceService) {}

  async handle(tx: Tx, { data }: EventEnvelope<CustomerMergeUndone>): Promise<void> {
    await this.places.separateCustomer(tx, data.customerId);
  }
}
