import { AccountRepository } from './account/account.repository.js';
import { AccountService } from './account/account.service.js';
import { ChargeRepository } from './charge/charge.repository.js';
import { ChargeService } from './charge/charge.service.js';
import { CountForItselfWhenCustomerMergeUndone } from './customer/count-for-itself-when-customer-merge-undone.handler.js';
import { CountForSurvivorWhenCustomerMerged } from './customer/count-for-survivor-when-customer-merged.handler.js';
import { CustomerRepository } from './customer/customer.repository.js';
import type { Features } from './features.js';
import { Ledger } from './ledger/ledger.repository.js';
import { Charges1760000050000 } from './migrations/1760000050000-charges.js';
import { CopyPropertyUnitWhenPropertyUnitChanged } from './property-unit/copy-property-unit-when-property-unit-changed.handler.js';
import { CopyPropertyUnitWhenPropertyUnitRegistered } from './property-unit/copy-property-unit-when-property-unit-registered.handler.js';
import { PropertyUnitRepository } from './property-unit/property-unit.repository.js';

/** Accounts, charges, the ledger and invoices. */
export const CHARGING: Features = {
  controllers: [],
  providers: [
    Ledger,
    AccountRepository,
    AccountService,
    ChargeRepository,
    ChargeService,
    CustomerRepository,
    PropertyUnitRepository,
  ],
  handlers: {
    'billing-customers': [CountForSurvivorWhenCustomerMerged, CountForItselfWhenCustomerMergeUndone],
    'billing-premises': [CopyPropertyUnitWhenPropertyUnitRegistered, CopyPropertyUnitWhenPropertyUnitChanged],
  },
  imports: [],
  migrations: [Charges1760000050000],
};
