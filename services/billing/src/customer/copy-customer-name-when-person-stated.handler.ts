import { Injectable } from '@nestjs/common';
import { CustomerPersons } from '@steward/contracts';
import { Handles, type PersonalState } from '@steward/messaging';
import type { Tx } from '@steward/platform';
import { CustomerService } from './customer.service.js';

@Injectable()
@Handles(CustomerPersons, {
  repeat: 'writes the same state again',
  late: 'only the last state per customer counts',
})
export class CopyCustomerNameWhenPersonStated {
  constructor(private readonly customers: CustomerService) {}

  async handle(tx: Tx, { key, value }: PersonalState<CustomerPersons>): Promise<void> {
    await this.customers.keepName(tx, key, value);
  }
}
