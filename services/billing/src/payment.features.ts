import { ArrearsController } from './arrears/arrears.controller.js';
import { ArrearsRepository } from './arrears/arrears.repository.js';
import { ArrearsService } from './arrears/arrears.service.js';
import { CashHandoverController } from './cash/cash-handover.controller.js';
import { CashHandoverRepository } from './cash/cash-handover.repository.js';
import { CashHandoverService } from './cash/cash-handover.service.js';
import type { Features } from './features.js';
import { DebtImportService } from './import/debt-import.service.js';
import { PaymentImportService } from './import/payment-import.service.js';
import { Payments1760000054000 } from './migrations/1760000054000-payments.js';
import { CreditService } from './payment/credit.service.js';
import { PaymentBookingService } from './payment/payment-booking.service.js';
import { PaymentQueryService } from './payment/payment-query.service.js';
import { PaymentRecordService } from './payment/payment-record.service.js';
import { PaymentReturnService } from './payment/payment-return.service.js';
import { PaymentController } from './payment/payment.controller.js';
import { PaymentRepository } from './payment/payment.repository.js';
import { PaymentService } from './payment/payment.service.js';
import { SettlementService } from './payment/settlement.service.js';
import { ReceiptController } from './receipt/receipt.controller.js';
import { ReceiptRepository } from './receipt/receipt.repository.js';
import { ReceiptService } from './receipt/receipt.service.js';

/** Payments, receipts, cash and arrears. */
export const PAYMENT: Features = {
  controllers: [PaymentController, ReceiptController, CashHandoverController, ArrearsController],
  providers: [
    PaymentRepository,
    SettlementService,
    CreditService,
    ReceiptRepository,
    ReceiptService,
    PaymentRecordService,
    PaymentBookingService,
    PaymentQueryService,
    PaymentService,
    PaymentReturnService,
    CashHandoverRepository,
    CashHandoverService,
    ArrearsRepository,
    ArrearsService,
  ],
  handlers: {},
  imports: [DebtImportService, PaymentImportService],
  migrations: [Payments1760000054000],
};
