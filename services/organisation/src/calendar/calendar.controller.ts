import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { STAFF_AND_PARTNERS } from '../access.js';
import {
  calendarDto,
  calendarPage,
  calendarsQuery,
  calendarVersionBody,
  defineCalendarBody,
  versionsQuery,
  type CalendarDto,
  type CalendarsQuery,
  type CalendarVersionBody,
  type DefineCalendarBody,
  type VersionsQuery,
} from './calendar.dto.js';
import { CALENDAR_ROLES } from './calendar.rules.js';
import { CalendarService } from './calendar.service.js';

const calendarId = { schema: z.uuid() };

@ApiTags('organisation')
@Controller('api/v1/calendars')
export class CalendarController {
  constructor(private readonly calendars: CalendarService) {}

  @Post()
  @Allow(...CALENDAR_ROLES)
  @ApiOperation({
    operationId: 'defineCalendar',
    summary: 'Make a business calendar of the group or of a branch',
  })
  @Answers(201, calendarDto)
  define(
    @Ctx() ctx: CallContext,
    @Body({ schema: defineCalendarBody }) body: DefineCalendarBody,
  ): Promise<CalendarDto> {
    return this.calendars.define(ctx, body);
  }

  @Post(':id/versions')
  @Allow(...CALENDAR_ROLES)
  @ApiOperation({
    operationId: 'redefineCalendar',
    summary: 'Give a calendar a new version from a date on (POL-03)',
  })
  @Answers(201, calendarDto)
  redefine(
    @Ctx() ctx: CallContext,
    @Param('id', calendarId) id: string,
    @Body({ schema: calendarVersionBody }) body: CalendarVersionBody,
  ): Promise<CalendarDto> {
    return this.calendars.redefine(ctx, id, body);
  }

  @Get()
  @Allow(...STAFF_AND_PARTNERS)
  @ApiOperation({
    operationId: 'listCalendars',
    summary: 'Calendars of the group and of your branches, latest versions',
  })
  @Answers(200, calendarPage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: calendarsQuery }) query: CalendarsQuery,
  ): Promise<Page<CalendarDto>> {
    return this.calendars.list(ctx, query);
  }

  @Get(':id')
  @Allow(...STAFF_AND_PARTNERS)
  @ApiOperation({ operationId: 'getCalendar', summary: 'The latest version of a calendar' })
  @Answers(200, calendarDto)
  get(@Ctx() ctx: CallContext, @Param('id', calendarId) id: string): Promise<CalendarDto> {
    return this.calendars.get(ctx, id);
  }

  @Get(':id/versions')
  @Allow(...STAFF_AND_PARTNERS)
  @ApiOperation({
    operationId: 'listCalendarVersions',
    summary: 'All versions of a calendar, the latest first',
  })
  @Answers(200, calendarPage)
  versions(
    @Ctx() ctx: CallContext,
    @Param('id', calendarId) id: string,
    @Query({ schema: versionsQuery }) query: VersionsQuery,
  ): Promise<Page<CalendarDto>> {
    return this.calendars.versions(ctx, id, query);
  }
}
