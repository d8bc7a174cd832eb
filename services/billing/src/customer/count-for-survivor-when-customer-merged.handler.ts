import { Injectable } from '@nestjs/common';
import { CustomerMerged, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { CustomerService } from './customer.service.js';

@Injectable()
@Handles(CustomerMerged, {
  repeat: 'the same survivor is set again',
  late: 'facts of the merged customer come in order',
})
export class CountForSurvivorWhenCustomerMerged {
  constructor(private readonly customers: CustomerService) {}

  async handle(tx: Tx, { data }: EventEnvelope<CustomerMerged>): Promise<void> {
    await this.customers.merge(tx, data.customerId, data.intoCustomerId);
  }
}
