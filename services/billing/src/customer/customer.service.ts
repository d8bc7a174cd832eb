import { Injectable } from '@nestjs/common';
import type { CustomerPersons } from '@steward/contracts';
import type { Tx } from '@steward/platform';
import { CustomerRepository } from './customer.repository.js';

/** Keeps the small copy of customers. */
@Injectable()
export class CustomerService {
  constructor(private readonly repository: CustomerRepository) {}

  async merge(tx: Tx, customerId: string, intoCustomerId: string): Promise<void> {
    await this.repository.merge(tx, customerId, intoCustomerId);
  }

  async separate(tx: Tx, customerId: string): Promise<void> {
    await this.repository.separate(tx, customerId);
  }

  /** The name as accounts states it; null: it was erased (ORG-04). */
  async keepName(tx: Tx, customerId: string, state: CustomerPersons | null): Promise<void> {
    await this.repository.keepName(tx, customerId, state);
  }
}
