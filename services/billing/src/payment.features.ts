import type { Features } from './features.js';
import { Payments1760000052000 } from './migrations/1760000052000-payments.js';
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
  controllers: [PaymentController, ReceiptController],
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
  ],
  handlers: {},
  imports: [],
  migrations: [Payments1760000052000],
};
