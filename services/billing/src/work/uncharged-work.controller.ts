import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { KEEPERS, READERS } from '../access.js';
import {
  nameCustomerBody,
  unchargedWorkDto,
  unchargedWorkPage,
  unchargedWorksQuery,
  type NameCustomerBody,
  type UnchargedWorkDto,
  type UnchargedWorksQuery,
} from './uncharged-work.dto.js';
import { WorkChargeService } from './work-charge.service.js';

const recordId = { schema: z.uuid() };

@ApiTags('billing')
@Controller('api/v1/uncharged-works')
export class UnchargedWorkController {
  constructor(private readonly works: WorkChargeService) {}

  @Get()
  @Allow(...READERS)
  @ApiOperation({
    operationId: 'listUnchargedWorks',
    summary: 'Signed work that is to be paid for, and nobody knows by whom',
  })
  @Answers(200, unchargedWorkPage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: unchargedWorksQuery }) query: UnchargedWorksQuery,
  ): Promise<Page<UnchargedWorkDto>> {
    return this.works.list(ctx, query);
  }

  @Post(':id/customer')
  @HttpCode(200)
  @Allow(...KEEPERS)
  @ApiOperation({
    operationId: 'nameCustomerOfWork',
    summary: 'Say who pays: the work is charged and invoiced at once (BIL-14)',
  })
  @Answers(200, unchargedWorkDto)
  nameCustomer(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: nameCustomerBody }) body: NameCustomerBody,
  ): Promise<UnchargedWorkDto> {
    return this.works.nameCustomer(ctx, id, body.customerId);
  }
}
