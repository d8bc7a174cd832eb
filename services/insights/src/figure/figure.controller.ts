import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import {
  figuresDto,
  figuresQuery,
  recordPage,
  recordsQuery,
  type FiguresDto,
  type FiguresQuery,
  type RecordDto,
  type RecordsQuery,
} from './figure.dto.js';
import { FIGURE_ROLES } from './figure.rules.js';
import { FigureService } from './figure.service.js';

@ApiTags('insights')
@Controller('api/v1/figures/tickets')
export class FigureController {
  constructor(private readonly service: FigureService) {}

  @Get()
  @Allow(...FIGURE_ROLES)
  @ApiOperation({
    operationId: 'ticketFigures',
    summary: 'Tickets per branch, category, channel, kind, month (GRP-01)',
  })
  @Answers(200, figuresDto)
  figures(
    @Ctx() ctx: CallContext,
    @Query({ schema: figuresQuery }) query: FiguresQuery,
  ): Promise<FiguresDto> {
    return this.service.figures(ctx, query);
  }

  @Get('records')
  @Allow(...FIGURE_ROLES)
  @ApiOperation({ operationId: 'ticketFigureRecords', summary: 'The tickets behind a figure (GRP-02)' })
  @Answers(200, recordPage)
  records(
    @Ctx() ctx: CallContext,
    @Query({ schema: recordsQuery }) query: RecordsQuery,
  ): Promise<Page<RecordDto>> {
    return this.service.records(ctx, query);
  }
}
