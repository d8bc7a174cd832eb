import { Injectable } from '@nestjs/common';
import { CustomerLinked, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { PlaceService } from './place.service.js';

@Injectable()
@Handles(CustomerLinked, {
  repeat: 'a customer that is seen stays seen',
  late: 'facts of a customer come in order',
})
export class SeeCustomerWhenCustomerLinked {
  constructor(private readonly places: PlaceService) {}

  async handle(tx: Tx, { branch, data }: EventEnvelope<CustomerLinked>): Promise<void> {
    await this.places.seeCustomer(tx, branch!, data.customerId);
  }
}
