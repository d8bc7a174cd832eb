import { Injectable } from '@nestjs/common';
import type { PropertyUnitRegistered } from '@steward/contracts';
import type { Tx } from '@steward/platform';
import { customerUnknown, propertyUnitUnknown } from '../ticket/ticket.errors.js';
import { PlaceRepository, type Whereabouts } from './place.repository.js';

/** Which branch has which customers and property units, as accounts and premises say. */
@Injectable()
export class PlaceService {
  constructor(private readonly repository: PlaceRepository) {}

  async seeCustomer(tx: Tx, branchId: string, customerId: string): Promise<void> {
    await this.repository.see(tx, branchId, customerId);
  }

  async loseCustomer(tx: Tx, branchId: string, customerId: string): Promise<void> {
    await this.repository.lose(tx, branchId, customerId);
  }

  async mergeCustomer(tx: Tx, customerId: string, intoCustomerId: string): Promise<void> {
    await this.repository.merge(tx, customerId, intoCustomerId);
  }

  async separateCustomer(tx: Tx, customerId: string): Promise<void> {
    await this.repository.separate(tx, customerId);
  }

  async keepUnit(tx: Tx, branchId: string, unit: PropertyUnitRegistered): Promise<void> {
    const { propertyUnitId, siteId, code, active } = unit;
    await this.repository.keepUnit(tx, { branchId, propertyUnitId, siteId, code, active });
  }

  /** Throws `ticket.customer-unknown`, `ticket.property-unit-unknown` for what the branch or site does not have. */
  async require(tx: Tx, place: Whereabouts): Promise<void> {
    const known = await this.repository.known(tx, place);
    if (!known.customer) throw customerUnknown();
    if (!known.unit) throw propertyUnitUnknown();
  }
}
