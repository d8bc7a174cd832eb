import { CopyCustomerNameWhenPersonStated } from './customer/copy-customer-name-when-person-stated.handler.js';
import { StatementController } from './statement/statement.controller.js';
import { StatementRepository } from './statement/statement.repository.js';
import { StatementService } from './statement/statement.service.js';
import { AccountCommandService } from './account/account-command.service.js';
import { AccountQueryRepository } from './account/account-query.repository.js';
import { AccountController } from './account/account.controller.js';
import { ChargeCommandService } from './charge/charge-command.service.js';
import { ChargeController } from './charge/charge.controller.js';
import { CreditNoteController } from './credit-note/credit-note.controller.js';
import { CreditNoteRepository } from './credit-note/credit-note.repository.js';
import { CreditNoteService } from './credit-note/credit-note.service.js';
import { LedgerController } from './ledger/ledger.controller.js';
import { LedgerQueryRepository } from './ledger/ledger-query.repository.js';
import { LedgerService } from './ledger/ledger.service.js';
import { BranchService } from './branch/branch.service.js';
import { InvoiceController } from './invoice/invoice.controller.js';
import { InvoiceIssueService } from './invoice/invoice-issue.service.js';
import { InvoiceRepository } from './invoice/invoice.repository.js';
import { InvoiceService } from './invoice/invoice.service.js';
import { ChargesToInvoice1760000057000 } from './migrations/1760000057000-charges-to-invoice.js';
import { ChargesOfUnit1760000058000 } from './migrations/1760000058000-charges-of-unit.js';
import { Invoices1760000053000 } from './migrations/1760000053000-invoices.js';
import { ChargeAccountWhenWorkSigned } from './work/charge-account-when-work-signed.handler.js';
import { WorkChargeService } from './work/work-charge.service.js';
import { AccountRepository } from './account/account.repository.js';
import { AccountService } from './account/account.service.js';
import { ChargeRepository } from './charge/charge.repository.js';
import { ChargeService } from './charge/charge.service.js';
import { CountForItselfWhenCustomerMergeUndone } from './customer/count-for-itself-when-customer-merge-undone.handler.js';
import { CountForSurvivorWhenCustomerMerged } from './customer/count-for-survivor-when-customer-merged.handler.js';
import { CustomerRepository } from './customer/customer.repository.js';
import { CustomerService } from './customer/customer.service.js';
import { PropertyUnitService } from './property-unit/property-unit.service.js';
import type { Features } from './features.js';
import { Ledger } from './ledger/ledger.repository.js';
import { Charges1760000050000 } from './migrations/1760000050000-charges.js';
import { CopyPropertyUnitWhenPropertyUnitChanged } from './property-unit/copy-property-unit-when-property-unit-changed.handler.js';
import { CopyPropertyUnitWhenPropertyUnitRegistered } from './property-unit/copy-property-unit-when-property-unit-registered.handler.js';
import { PropertyUnitRepository } from './property-unit/property-unit.repository.js';

/** Accounts, charges, the ledger and invoices. */
export const CHARGING: Features = {
  controllers: [
    AccountController,
    ChargeController,
    LedgerController,
    InvoiceController,
    CreditNoteController,
    StatementController,
  ],
  providers: [
    Ledger,
    AccountRepository,
    AccountService,
    ChargeRepository,
    ChargeService,
    BranchService,
    InvoiceRepository,
    InvoiceService,
    InvoiceIssueService,
    WorkChargeService,
    AccountQueryRepository,
    AccountCommandService,
    ChargeCommandService,
    LedgerQueryRepository,
    LedgerService,
    CreditNoteRepository,
    CreditNoteService,
    StatementRepository,
    StatementService,
    CustomerRepository,
    CustomerService,
    PropertyUnitRepository,
    PropertyUnitService,
  ],
  handlers: {
    'billing-tickets': [ChargeAccountWhenWorkSigned],
    'billing-customers': [
      CopyCustomerNameWhenPersonStated,
      CountForSurvivorWhenCustomerMerged,
      CountForItselfWhenCustomerMergeUndone,
    ],
    'billing-premises': [CopyPropertyUnitWhenPropertyUnitRegistered, CopyPropertyUnitWhenPropertyUnitChanged],
  },
  imports: [],
  migrations: [
    Charges1760000050000,
    Invoices1760000053000,
    ChargesToInvoice1760000057000,
    ChargesOfUnit1760000058000,
  ],
};
