import { Injectable } from '@nestjs/common';
import { CustomerMergeUndone, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { CustomerService } from './customer.service.js';

@Injectable()
@Handles(CustomerMergeUndone, {
  repeat: 'a separate customer stays separate',
  late: 'facts of the merged customer come in order',
})
export class CountForItselfWhenCustomerMergeUndone {
  constructor(private readonly customers: CustomerService) {}

  async handle(tx: Tx, { data }: EventEnvelope<CustomerMergeUndone>): Promise<void> {
    await this.customers.separate(tx, data.customerId);
  }
}
