import { Injectable } from '@nestjs/common';
import { CustomerUnlinked, type EventEnvelope } from '@steward/contracts';
import { Handles } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { CustomerService } from './customer.service.js';

@Injectable()
@Handles(CustomerUnlinked, {
  repeat: 'a customer that is not seen stays unseen',
  late: 'facts of a customer come in order',
})
export class LoseCustomerWhenCustomerUnlinked {
  constructor(private readonly customers: CustomerService) {}

  async handle(tx: Tx, { branch, data }: EventEnvelope<CustomerUnlinked>): Promise<void> {
    await this.customers.lose(tx, branch!, data.customerId);
  }
}
