import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { KEEPERS, OPENERS, READERS } from '../access.js';
import {
  accountDto,
  accountPage,
  accountsQuery,
  changeAccountBody,
  openAccountBody,
  type AccountDto,
  type AccountsQuery,
  type ChangeAccountBody,
  type OpenAccountBody,
} from './account.dto.js';
import { AccountCommandService } from './account-command.service.js';

const recordId = { schema: z.uuid() };

@ApiTags('billing')
@Controller('api/v1/billing-accounts')
export class AccountController {
  constructor(private readonly accounts: AccountCommandService) {}

  @Post()
  @HttpCode(200)
  @Allow(...OPENERS)
  @ApiOperation({
    operationId: 'openBillingAccount',
    summary: 'The account of a customer for a unit, or for the customer alone; opened if it is missing',
  })
  @Answers(200, accountDto)
  open(
    @Ctx() ctx: CallContext,
    @Body({ schema: openAccountBody }) body: OpenAccountBody,
  ): Promise<AccountDto> {
    return this.accounts.open(ctx, body);
  }

  @Get()
  @Allow(...READERS)
  @ApiOperation({ operationId: 'listBillingAccounts', summary: 'Accounts with what is open on them' })
  @Answers(200, accountPage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: accountsQuery }) query: AccountsQuery,
  ): Promise<Page<AccountDto>> {
    return this.accounts.list(ctx, query);
  }

  @Get(':id')
  @Allow(...READERS)
  @ApiOperation({ operationId: 'getBillingAccount', summary: 'One account: open, credit, balance' })
  @Answers(200, accountDto)
  get(@Ctx() ctx: CallContext, @Param('id', recordId) id: string): Promise<AccountDto> {
    return this.accounts.get(ctx, id);
  }

  @Patch(':id')
  @Allow(...KEEPERS)
  @ApiOperation({ operationId: 'changeBillingAccount', summary: 'Say who pays for the customer' })
  @Answers(200, accountDto)
  change(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: changeAccountBody }) body: ChangeAccountBody,
  ): Promise<AccountDto> {
    return this.accounts.change(ctx, id, body);
  }
}
