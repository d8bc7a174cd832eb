import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { READERS } from '../access.js';
import { receiptDto, type ReceiptDto } from '../receipt/receipt.dto.js';
import { ReceiptService } from '../receipt/receipt.service.js';
import {
  allocationPage,
  allocationsQuery,
  assignPaymentBody,
  paymentDto,
  paymentPage,
  paymentsQuery,
  receivePaymentBody,
  refundPaymentBody,
  reversePaymentBody,
  type AllocationDto,
  type AllocationsQuery,
  type AssignPaymentBody,
  type PaymentDto,
  type PaymentsQuery,
  type ReceivePaymentBody,
  type RefundPaymentBody,
  type ReversePaymentBody,
} from './payment.dto.js';
import { PaymentQueryService } from './payment-query.service.js';
import { PaymentReturnService } from './payment-return.service.js';
import { PAYMENT_RULES, RECEIVERS } from './payment.rules.js';
import { PaymentService } from './payment.service.js';

const recordId = { schema: z.uuid() };

@ApiTags('billing')
@Controller('api/v1/payments')
export class PaymentController {
  constructor(
    private readonly payments: PaymentService,
    private readonly returns: PaymentReturnService,
    private readonly queries: PaymentQueryService,
    private readonly receipts: ReceiptService,
  ) {}

  @Post()
  @Allow(...RECEIVERS)
  @ApiOperation({
    operationId: 'receivePayment',
    summary: 'Money came in, taken at the desk or told by a payment provider; booked once (BIL-08)',
  })
  @Answers(201, paymentDto)
  receive(
    @Ctx() ctx: CallContext,
    @Body({ schema: receivePaymentBody }) body: ReceivePaymentBody,
  ): Promise<PaymentDto> {
    return this.payments.receive(ctx, body);
  }

  @Get()
  @Allow(...READERS)
  @ApiOperation({
    operationId: 'listPayments',
    summary:
      'Payments in your scope; `state=unmatched` those without an account, `receipt=false` without receipt',
  })
  @Answers(200, paymentPage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: paymentsQuery }) query: PaymentsQuery,
  ): Promise<Page<PaymentDto>> {
    return this.queries.list(ctx, query);
  }

  @Get(':id')
  @Allow(...READERS)
  @ApiOperation({
    operationId: 'getPayment',
    summary: 'One payment with the actions that you may take on it',
  })
  @Answers(200, paymentDto)
  get(@Ctx() ctx: CallContext, @Param('id', recordId) id: string): Promise<PaymentDto> {
    return this.queries.get(ctx, id);
  }

  @Get(':id/allocations')
  @Allow(...READERS)
  @ApiOperation({
    operationId: 'listAllocations',
    summary: 'What the payment paid for, and what was taken back',
  })
  @Answers(200, allocationPage)
  allocations(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Query({ schema: allocationsQuery }) query: AllocationsQuery,
  ): Promise<Page<AllocationDto>> {
    return this.queries.allocations(ctx, id, query);
  }

  @Get(':id/receipt')
  @Allow(...READERS)
  @ApiOperation({ operationId: 'getReceipt', summary: 'The receipt of the payment (BIL-09)' })
  @Answers(200, receiptDto)
  receipt(@Ctx() ctx: CallContext, @Param('id', recordId) id: string): Promise<ReceiptDto> {
    return this.receipts.ofPayment(ctx, id);
  }

  @Post(':id/assignment')
  @HttpCode(200)
  @Allow(...PAYMENT_RULES.assign.roles)
  @ApiOperation({ operationId: 'assignPayment', summary: 'An unmatched payment finds its account' })
  @Answers(200, paymentDto)
  assign(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: assignPaymentBody }) body: AssignPaymentBody,
  ): Promise<PaymentDto> {
    return this.payments.assign(ctx, id, body);
  }

  @Post(':id/reversal')
  @HttpCode(200)
  @Allow(...PAYMENT_RULES.reverse.roles)
  @ApiOperation({
    operationId: 'reversePayment',
    summary: 'The payment bounced or was a mistake: what it paid for is owed again',
  })
  @Answers(200, paymentDto)
  reverse(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: reversePaymentBody }) body: ReversePaymentBody,
  ): Promise<PaymentDto> {
    return this.returns.reverse(ctx, id, body);
  }

  @Post(':id/refund')
  @HttpCode(200)
  @Allow(...PAYMENT_RULES.refund.roles)
  @ApiOperation({
    operationId: 'refundPayment',
    summary: 'What is left of the payment goes back to the payer',
  })
  @Answers(200, paymentDto)
  refund(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: refundPaymentBody }) body: RefundPaymentBody,
  ): Promise<PaymentDto> {
    return this.returns.refund(ctx, id, body);
  }
}
