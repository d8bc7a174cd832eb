import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { KEEPERS, READERS } from '../access.js';
import {
  chargeDto,
  chargePage,
  chargesQuery,
  raiseChargeBody,
  reverseChargeBody,
  type ChargeDto,
  type ChargesQuery,
  type ChargeSummaryDto,
  type RaiseChargeBody,
  type ReverseChargeBody,
} from './charge.dto.js';
import { ChargeCommandService } from './charge-command.service.js';

const recordId = { schema: z.uuid() };

@ApiTags('billing')
@Controller('api/v1/charges')
export class ChargeController {
  constructor(private readonly charges: ChargeCommandService) {}

  @Post()
  @Allow(...KEEPERS)
  @ApiOperation({ operationId: 'raiseCharge', summary: 'Charge by hand what a document says is owed' })
  @Answers(201, chargeDto)
  raise(
    @Ctx() ctx: CallContext,
    @Body({ schema: raiseChargeBody }) body: RaiseChargeBody,
  ): Promise<ChargeDto> {
    return this.charges.raise(ctx, body);
  }

  @Get()
  @Allow(...READERS)
  @ApiOperation({ operationId: 'listCharges', summary: 'Charges of your branches and sites' })
  @Answers(200, chargePage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: chargesQuery }) query: ChargesQuery,
  ): Promise<Page<ChargeSummaryDto>> {
    return this.charges.list(ctx, query);
  }

  @Get(':id')
  @Allow(...READERS)
  @ApiOperation({ operationId: 'getCharge', summary: 'One charge, with how its amount came about' })
  @Answers(200, chargeDto)
  get(@Ctx() ctx: CallContext, @Param('id', recordId) id: string): Promise<ChargeDto> {
    return this.charges.get(ctx, id);
  }

  @Post(':id/reversal')
  @HttpCode(200)
  @Allow(...KEEPERS)
  @ApiOperation({
    operationId: 'reverseCharge',
    summary: 'Take back a charge that is on no invoice and unpaid (BIL-03)',
  })
  @Answers(200, chargeDto)
  reverse(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: reverseChargeBody }) body: ReverseChargeBody,
  ): Promise<ChargeDto> {
    return this.charges.reverse(ctx, id, body.reason);
  }
}
