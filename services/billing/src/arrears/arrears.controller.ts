import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { READERS } from '../access.js';
import {
  arrearsPage,
  arrearsQuery,
  arrearsSummaryDto,
  arrearsSummaryQuery,
  type ArrearsDto,
  type ArrearsQuery,
  type ArrearsSummaryDto,
  type ArrearsSummaryQuery,
} from './arrears.dto.js';
import { ArrearsService } from './arrears.service.js';

@ApiTags('billing')
@Controller('api/v1/arrears')
export class ArrearsController {
  constructor(private readonly arrears: ArrearsService) {}

  @Get()
  @Allow(...READERS)
  @ApiOperation({
    operationId: 'listArrears',
    summary: 'What customers owe by age, and how many months they are late, at the end of a day',
  })
  @Answers(200, arrearsPage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: arrearsQuery }) query: ArrearsQuery,
  ): Promise<Page<ArrearsDto>> {
    return this.arrears.list(ctx, query);
  }

  @Get('summary')
  @Allow(...READERS)
  @ApiOperation({ operationId: 'arrearsSummary', summary: 'The same of the whole branch or a site' })
  @Answers(200, arrearsSummaryDto)
  summary(
    @Ctx() ctx: CallContext,
    @Query({ schema: arrearsSummaryQuery }) query: ArrearsSummaryQuery,
  ): Promise<ArrearsSummaryDto> {
    return this.arrears.summary(ctx, query);
  }
}
