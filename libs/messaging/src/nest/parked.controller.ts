import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, type Type } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, listQuery, pageSchema, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { Parked, type ParkedEvent } from '../parking/parked.js';
import { Operation } from './operation.js';
import type { Replay } from '../parking/drain.js';

const parkedQuery = listQuery({
  filters: { consumer: z.string().max(200).optional(), key: z.string().max(300).optional() },
  sorts: ['parkedAt'],
  defaultSort: 'parkedAt',
});

const parkedSchema = z
  .object({
    id: z.uuid(),
    consumer: z.string(),
    topic: z.string(),
    partition: z.number().int(),
    offset: z.string(),
    key: z.string(),
    type: z.string().nullable(),
    sequence: z.number().int().nullable(),
    branchId: z.uuid().nullable(),
    code: z.string(),
    reason: z.string(),
    attempts: z.number().int(),
    parkedAt: z.iso.datetime(),
    nextRetryAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ParkedEvent' });

const replaySchema = z
  .object({
    applied: z.number().int(),
    left: z.number().int(),
    fault: z.object({ code: z.string(), reason: z.string() }).optional(),
  })
  .meta({ id: 'ParkedReplay' });

const skipBody = z
  .strictObject({ reason: z.string().min(1).max(500) })
  .meta({ id: 'SkipParkedEvent', examples: [{ reason: 'The account was closed by hand on paper.' }] });

const id = z.uuid();

/** The routes of a service's parked events, under `/api/v1/parked/<service>`: list, replay, skip. */
export function parkedController(service: string): Type {
  @ApiTags('parked')
  @Controller(`api/v1/parked/${service}`)
  class ParkedController {
    constructor(@Inject(Parked) private readonly parked: Parked) {}

    @Get()
    @Allow('hq-admin', 'hq-auditor')
    @Operation('list', service, 'Parked', 'List the events that consumers could not apply')
    @Answers(200, pageSchema(parkedSchema), 'Events that consumers could not apply')
    list(@Query({ schema: parkedQuery }) query: z.output<typeof parkedQuery>): Promise<Page<ParkedEvent>> {
      return this.parked.list(query);
    }

    @Post(':id/replay')
    @HttpCode(200)
    @Allow('hq-admin')
    @Operation('replay', service, 'Parked', "Apply what is parked of the event's key, in order")
    @Answers(
      200,
      replaySchema,
      'What is parked of its key was applied in order, up to the first that does not go',
    )
    replay(@Param('id', { schema: id }) event: string): Promise<Replay> {
      return this.parked.replay(event);
    }

    @Post(':id/skip')
    @HttpCode(200)
    @Allow('hq-admin')
    @Operation('skip', service, 'Parked', 'Give an event up, with a reason, and apply what waits behind it')
    @Answers(200, replaySchema, 'The event was given up; what waited behind it was applied')
    skip(
      @Ctx() ctx: CallContext,
      @Param('id', { schema: id }) event: string,
      @Body({ schema: skipBody }) body: z.output<typeof skipBody>,
    ): Promise<Replay> {
      return this.parked.skip(ctx, event, body.reason);
    }
  }
  return ParkedController;
}
