import { Injectable } from '@nestjs/common';
import { CustomerUnlinked, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { PlaceRepository } from './place.repository.js';

@Injectable()
@Handles(CustomerUnlinked, {
  repeat: 'a customer that is not seen stays unseen',
  late: 'facts of a customer come in order',
})
export class LoseCustomerWhenCustomerUnlinked {
  constructor(private readonly places: PlaceRepository) {}

  async handle(tx: Tx, { branch, data }: EventEnvelope<CustomerUnlinked>): Promise<void> {
    await this.places.lose(tx, branch!, data.customerId);
  }
}
