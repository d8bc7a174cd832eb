import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { CustomerQueryService } from './customer-query.service.js';
import {
  changeCustomerBody,
  customerDto,
  customerHoldBody,
  customerPage,
  customerPersonDto,
  customerReasonBody,
  customersQuery,
  registerCustomerBody,
  type ChangeCustomerBody,
  type CustomerDto,
  type CustomerHoldBody,
  type CustomerPersonDto,
  type CustomerReasonBody,
  type CustomersQuery,
  type RegisterCustomerBody,
} from './customer.dto.js';
import { ERASERS, HOLDERS, KEEPERS, KNOWS_PERSON, READERS } from './customer.rules.js';
import { CustomerService } from './customer.service.js';

const customerId = { schema: z.uuid() };

@ApiTags('customers')
@Controller('api/v1/customers')
export class CustomerController {
  constructor(
    private readonly customers: CustomerService,
    private readonly queries: CustomerQueryService,
  ) {}

  @Post()
  @Allow(...KEEPERS)
  @ApiOperation({
    operationId: 'registerCustomer',
    summary: 'Take a person or company into the master (ACC-01, ACC-02)',
  })
  @Answers(201, customerDto)
  register(
    @Ctx() ctx: CallContext,
    @Body({ schema: registerCustomerBody }) body: RegisterCustomerBody,
  ): Promise<CustomerDto> {
    return this.customers.register(ctx, body);
  }

  @Get()
  @Allow(...READERS)
  @ApiOperation({
    operationId: 'listCustomers',
    summary: 'Customers of your branches; search by name, pinyin, phone, number',
  })
  @Answers(200, customerPage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: customersQuery }) query: CustomersQuery,
  ): Promise<Page<CustomerDto>> {
    return this.queries.list(ctx, query);
  }

  @Get(':id')
  @Allow(...READERS)
  @ApiOperation({ operationId: 'getCustomer', summary: 'One customer, numbers masked (ORG-03)' })
  @Answers(200, customerDto)
  get(@Ctx() ctx: CallContext, @Param('id', customerId) id: string): Promise<CustomerDto> {
    return this.queries.get(ctx, id);
  }

  @Get(':id/personal-data')
  @Allow(...KNOWS_PERSON)
  @ApiOperation({
    operationId: 'readCustomerPersonalData',
    summary: 'Phones and numbers in full; the reading is logged (ORG-03)',
  })
  @Answers(200, customerPersonDto)
  personalData(@Ctx() ctx: CallContext, @Param('id', customerId) id: string): Promise<CustomerPersonDto> {
    return this.queries.personalData(ctx, id);
  }

  @Patch(':id')
  @Allow(...KEEPERS)
  @ApiOperation({ operationId: 'changeCustomer', summary: 'Correct the record, or end and resume it' })
  @Answers(200, customerDto)
  change(
    @Ctx() ctx: CallContext,
    @Param('id', customerId) id: string,
    @Body({ schema: changeCustomerBody }) body: ChangeCustomerBody,
  ): Promise<CustomerDto> {
    return this.customers.change(ctx, id, body);
  }

  @Post(':id/legal-hold')
  @HttpCode(200)
  @Allow(...HOLDERS)
  @ApiOperation({
    operationId: 'holdCustomer',
    summary: 'Stop every erasure of the record, or lift the stop (ORG-04)',
  })
  @Answers(200, customerDto)
  hold(
    @Ctx() ctx: CallContext,
    @Param('id', customerId) id: string,
    @Body({ schema: customerHoldBody }) body: CustomerHoldBody,
  ): Promise<CustomerDto> {
    return this.customers.hold(ctx, id, body);
  }

  @Post(':id/erasure')
  @HttpCode(200)
  @Allow(...ERASERS)
  @ApiOperation({
    operationId: 'eraseCustomer',
    summary: 'Erase the personal values here and in every copy (ORG-04)',
  })
  @Answers(200, customerDto)
  erase(
    @Ctx() ctx: CallContext,
    @Param('id', customerId) id: string,
    @Body({ schema: customerReasonBody }) body: CustomerReasonBody,
  ): Promise<CustomerDto> {
    return this.customers.erase(ctx, id, body.reason);
  }
}
