import { Injectable } from '@nestjs/common';
import type { CustomerPersons } from '@steward/contracts';
import { unprocessable, type DomainError } from '@steward/kernel';
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

  /** @throws DomainError `billing.customer-unknown`: the branch does not see the customer, whoever else does. */
  async checkSeen(tx: Tx, branchId: string, customerId: string, path = 'customerId'): Promise<void> {
    const seen = await this.repository.seenIn(tx, branchId, [customerId]);
    if (!seen.has(customerId)) throw customerUnknown(path);
  }

  /** The name as accounts states it; null: it was erased (ORG-04). */
  async keepName(tx: Tx, customerId: string, state: CustomerPersons | null): Promise<void> {
    await this.repository.keepName(tx, customerId, state);
  }
}

const customerUnknown = (path: string): DomainError =>
  unprocessable('billing.customer-unknown', 'The branch has no such customer.', [
    { path, code: 'unknown', detail: 'Choose a customer of the branch.' },
  ]);
