import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { KEEPERS, READERS } from '../access.js';
import {
  invoiceDto,
  invoicePage,
  invoicesQuery,
  issueInvoiceBody,
  issuePeriodBody,
  periodIssuedDto,
  type InvoiceDto,
  type InvoicesQuery,
  type IssueInvoiceBody,
  type IssuePeriodBody,
  type PeriodIssuedDto,
} from './invoice.dto.js';
import { InvoiceIssueService } from './invoice-issue.service.js';

const recordId = { schema: z.uuid() };

@ApiTags('billing')
@Controller('api/v1/invoices')
export class InvoiceController {
  constructor(private readonly invoices: InvoiceIssueService) {}

  @Post()
  @Allow(...KEEPERS)
  @ApiOperation({
    operationId: 'issueInvoice',
    summary: 'Put the charges of an account on a numbered invoice (BIL-07)',
  })
  @Answers(201, invoiceDto)
  issue(
    @Ctx() ctx: CallContext,
    @Body({ schema: issueInvoiceBody }) body: IssueInvoiceBody,
  ): Promise<InvoiceDto> {
    return this.invoices.issue(ctx, body);
  }

  @Post('periods')
  @HttpCode(200)
  @Allow(...KEEPERS)
  @ApiOperation({
    operationId: 'issueInvoicesOfPeriod',
    summary: 'Issue the invoices of a branch up to the end of a month; repeat until it is done',
  })
  @Answers(200, periodIssuedDto)
  issuePeriod(
    @Ctx() ctx: CallContext,
    @Body({ schema: issuePeriodBody }) body: IssuePeriodBody,
  ): Promise<PeriodIssuedDto> {
    return this.invoices.issuePeriod(ctx, body);
  }

  @Get()
  @Allow(...READERS)
  @ApiOperation({ operationId: 'listInvoices', summary: 'Invoices of your branches and sites' })
  @Answers(200, invoicePage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: invoicesQuery }) query: InvoicesQuery,
  ): Promise<Page<InvoiceDto>> {
    return this.invoices.list(ctx, query);
  }

  @Get(':id')
  @Allow(...READERS)
  @ApiOperation({ operationId: 'getInvoice', summary: 'One invoice, with how each line came about' })
  @Answers(200, invoiceDto)
  get(@Ctx() ctx: CallContext, @Param('id', recordId) id: string): Promise<InvoiceDto> {
    return this.invoices.get(ctx, id);
  }
}
