import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { KEEPERS, READERS } from '../access.js';
import {
  installMeterBody,
  meterDto,
  meterPage,
  metersQuery,
  removeMeterBody,
  type InstallMeterBody,
  type MeterDto,
  type MetersQuery,
  type RemoveMeterBody,
} from './meter.dto.js';
import { MeterService } from './meter.service.js';

const recordId = { schema: z.uuid() };

@ApiTags('premises')
@Controller('api/v1/meters')
export class MeterController {
  constructor(private readonly meters: MeterService) {}

  @Post()
  @Allow(...KEEPERS)
  @ApiOperation({
    operationId: 'installMeter',
    summary: 'A meter of a unit, or of a building or site in common (PRM-01)',
  })
  @Answers(201, meterDto)
  install(
    @Ctx() ctx: CallContext,
    @Body({ schema: installMeterBody }) body: InstallMeterBody,
  ): Promise<MeterDto> {
    return this.meters.install(ctx, body);
  }

  @Get()
  @Allow(...READERS)
  @ApiOperation({ operationId: 'listMeters', summary: 'Meters of your branches and sites' })
  @Answers(200, meterPage)
  list(@Ctx() ctx: CallContext, @Query({ schema: metersQuery }) query: MetersQuery): Promise<Page<MeterDto>> {
    return this.meters.list(ctx, query);
  }

  @Get(':id')
  @Allow(...READERS)
  @ApiOperation({ operationId: 'getMeter', summary: 'One meter' })
  @Answers(200, meterDto)
  get(@Ctx() ctx: CallContext, @Param('id', recordId) id: string): Promise<MeterDto> {
    return this.meters.get(ctx, id);
  }

  @Post(':id/removal')
  @HttpCode(200)
  @Allow(...KEEPERS)
  @ApiOperation({ operationId: 'removeMeter', summary: 'Take a meter out with its last reading' })
  @Answers(200, meterDto)
  remove(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: removeMeterBody }) body: RemoveMeterBody,
  ): Promise<MeterDto> {
    return this.meters.remove(ctx, id, body);
  }
}
