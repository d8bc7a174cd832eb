import { Injectable } from '@nestjs/common';
import { CustomerUnlinked, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { PlaceService } from './place.service.js';

@Injectable()
@Handles(CustomerUnlinked, {
  repeat: 'a customer that is not seen stays unseen',
  late: 'facts of a customer come in order',
})
export class LoseCustomerWhenCustomerUnlinked {
  constructor(private readonly places: PlaceService) {}

  async handle(tx: Tx, { branch, data }: EventEnvelope<CustomerUnlinked>): Promise<void> {
    await this.places.loseCustomer(tx, branch!, data.customerId);
  }
}
