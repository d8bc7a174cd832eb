import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { READING_READERS, READING_ROLES } from './access.js';
import { ReadingCommandService } from './reading-command.service.js';
import {
  judgeReadingBody,
  missingReadingPage,
  missingReadingsQuery,
  readingDto,
  readingPage,
  readingsQuery,
  recordReadingBody,
  type JudgeReadingBody,
  type MissingReadingDto,
  type MissingReadingsQuery,
  type ReadingDto,
  type ReadingsQuery,
  type RecordReadingBody,
} from './reading.dto.js';

const recordId = { schema: z.uuid() };

@ApiTags('billing')
@Controller('api/v1/readings')
export class ReadingController {
  constructor(private readonly readings: ReadingCommandService) {}

  @Post()
  @Allow(...READING_ROLES)
  @ApiOperation({
    operationId: 'recordReading',
    summary: 'A reading of a meter, checked against those before; what does not fit is held (BIL-06)',
  })
  @Answers(201, readingDto)
  record(
    @Ctx() ctx: CallContext,
    @Body({ schema: recordReadingBody }) body: RecordReadingBody,
  ): Promise<ReadingDto> {
    return this.readings.record(ctx, body);
  }

  @Get()
  @Allow(...READING_READERS)
  @ApiOperation({ operationId: 'listReadings', summary: 'Readings of your branches and sites' })
  @Answers(200, readingPage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: readingsQuery }) query: ReadingsQuery,
  ): Promise<Page<ReadingDto>> {
    return this.readings.list(ctx, query);
  }

  @Get('missing')
  @Allow(...READING_READERS)
  @ApiOperation({
    operationId: 'listMissingReadings',
    summary: 'Meters without an actual reading for two periods or more, for a visit on the site (BIL-06)',
  })
  @Answers(200, missingReadingPage)
  missing(
    @Ctx() ctx: CallContext,
    @Query({ schema: missingReadingsQuery }) query: MissingReadingsQuery,
  ): Promise<Page<MissingReadingDto>> {
    return this.readings.missing(ctx, query);
  }

  @Get(':id')
  @Allow(...READING_READERS)
  @ApiOperation({ operationId: 'getReading', summary: 'One reading' })
  @Answers(200, readingDto)
  get(@Ctx() ctx: CallContext, @Param('id', recordId) id: string): Promise<ReadingDto> {
    return this.readings.get(ctx, id);
  }

  @Post(':id/confirmation')
  @HttpCode(200)
  @Allow(...READING_ROLES)
  @ApiOperation({ operationId: 'confirmReading', summary: 'Accept a held reading after a look at the meter' })
  @Answers(200, readingDto)
  confirm(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: judgeReadingBody }) body: JudgeReadingBody,
  ): Promise<ReadingDto> {
    return this.readings.confirm(ctx, id, body);
  }

  @Post(':id/voiding')
  @HttpCode(200)
  @Allow(...READING_ROLES)
  @ApiOperation({
    operationId: 'voidReading',
    summary: 'Take a wrong reading out; the day may be read again',
  })
  @Answers(200, readingDto)
  void(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: judgeReadingBody }) body: JudgeReadingBody,
  ): Promise<ReadingDto> {
    return this.readings.void(ctx, id, body);
  }
}
