import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { KEEPERS, READERS } from '../access.js';
import {
  beginOccupancyBody,
  endOccupancyBody,
  occupanciesQuery,
  occupancyDto,
  occupancyPage,
  type BeginOccupancyBody,
  type EndOccupancyBody,
  type OccupanciesQuery,
  type OccupancyDto,
} from './occupancy.dto.js';
import { OccupancyService } from './occupancy.service.js';

const recordId = { schema: z.uuid() };

@ApiTags('premises')
@Controller('api/v1')
export class OccupancyController {
  constructor(private readonly occupancies: OccupancyService) {}

  @Post('property-units/:id/occupancies')
  @Allow(...KEEPERS)
  @ApiOperation({
    operationId: 'beginOccupancy',
    summary: 'From a day on a customer owns or occupies the unit',
  })
  @Answers(201, occupancyDto)
  begin(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: beginOccupancyBody }) body: BeginOccupancyBody,
  ): Promise<OccupancyDto> {
    return this.occupancies.begin(ctx, id, body);
  }

  @Get('occupancies')
  @Allow(...READERS)
  @ApiOperation({
    operationId: 'listOccupancies',
    summary: 'Who owns and occupies units, of a unit, a customer, a day',
  })
  @Answers(200, occupancyPage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: occupanciesQuery }) query: OccupanciesQuery,
  ): Promise<Page<OccupancyDto>> {
    return this.occupancies.list(ctx, query);
  }

  @Post('occupancies/:id/end')
  @HttpCode(200)
  @Allow(...KEEPERS)
  @ApiOperation({ operationId: 'endOccupancy', summary: 'Set or correct the last day' })
  @Answers(200, occupancyDto)
  end(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: endOccupancyBody }) body: EndOccupancyBody,
  ): Promise<OccupancyDto> {
    return this.occupancies.end(ctx, id, body);
  }
}
