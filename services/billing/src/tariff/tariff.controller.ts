import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { PRICE_READERS, PRICING_ROLES } from '../fee-item/fee-item.rules.js';
import {
  draftTariffBody,
  tariffDto,
  tariffPage,
  tariffsQuery,
  type DraftTariffBody,
  type TariffDto,
  type TariffsQuery,
} from './tariff.dto.js';
import { TariffService } from './tariff.service.js';

const recordId = { schema: z.uuid() };

@ApiTags('billing')
@Controller('api/v1/tariffs')
export class TariffController {
  constructor(private readonly tariffs: TariffService) {}

  @Post()
  @Allow(...PRICING_ROLES)
  @ApiOperation({
    operationId: 'draftTariff',
    summary: 'Prepare a price with its days and document (BIL-02)',
  })
  @Answers(201, tariffDto)
  draft(
    @Ctx() ctx: CallContext,
    @Body({ schema: draftTariffBody }) body: DraftTariffBody,
  ): Promise<TariffDto> {
    return this.tariffs.draft(ctx, body);
  }

  @Get()
  @Allow(...PRICE_READERS)
  @ApiOperation({ operationId: 'listTariffs', summary: 'Prices of the branches you work in (BIL-16)' })
  @Answers(200, tariffPage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: tariffsQuery }) query: TariffsQuery,
  ): Promise<Page<TariffDto>> {
    return this.tariffs.list(ctx, query);
  }

  @Get(':id')
  @Allow(...PRICE_READERS)
  @ApiOperation({ operationId: 'getTariff', summary: 'One price' })
  @Answers(200, tariffDto)
  get(@Ctx() ctx: CallContext, @Param('id', recordId) id: string): Promise<TariffDto> {
    return this.tariffs.get(ctx, id);
  }

  @Post(':id/publication')
  @HttpCode(200)
  @Allow(...PRICING_ROLES)
  @ApiOperation({
    operationId: 'publishTariff',
    summary: 'Put a price into force; it never changes after (BIL-01)',
  })
  @Answers(200, tariffDto)
  publish(@Ctx() ctx: CallContext, @Param('id', recordId) id: string): Promise<TariffDto> {
    return this.tariffs.publish(ctx, id);
  }

  @Post(':id/withdrawal')
  @HttpCode(200)
  @Allow(...PRICING_ROLES)
  @ApiOperation({ operationId: 'withdrawTariff', summary: 'Give up a draft' })
  @Answers(200, tariffDto)
  withdraw(@Ctx() ctx: CallContext, @Param('id', recordId) id: string): Promise<TariffDto> {
    return this.tariffs.withdraw(ctx, id);
  }
}
