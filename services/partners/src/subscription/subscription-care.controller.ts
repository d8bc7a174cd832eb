import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { SubscriptionCare } from './subscription-care.service.js';
import {
  attemptDto,
  attemptPage,
  attemptsQuery,
  emptyBody,
  parkedPage,
  parkedQuery,
  replayBody,
  rotateBody,
  secretsDto,
  skipBody,
  subscriptionDto,
  testBody,
  type AttemptDto,
  type AttemptsQuery,
  type ParkedDto,
  type ParkedQuery,
  type ReplayBody,
  type RotateBody,
  type SecretsDto,
  type SkipBody,
  type SubscriptionDto,
  type TestBody,
} from './subscription.dto.js';
import { OWNERS, WATCHERS } from './subscription.rules.js';

const recordId = { schema: z.uuid() };

@ApiTags('subscriptions')
@Controller('api/v1/subscriptions/:id')
export class SubscriptionCareController {
  constructor(private readonly care: SubscriptionCare) {}

  @Get('secrets')
  @Allow(...OWNERS)
  @ApiOperation({
    operationId: 'readSubscriptionSecrets',
    summary: 'The secrets that sign now; the newest first',
  })
  @Answers(200, secretsDto)
  secrets(@Ctx() ctx: CallContext, @Param('id', recordId) id: string): Promise<SecretsDto> {
    return this.care.secrets(ctx, id);
  }

  @Post('secret-rotations')
  @HttpCode(200)
  @Allow(...OWNERS)
  @ApiOperation({
    operationId: 'rotateSubscriptionSecret',
    summary: 'Make a new secret; for a while both sign (PTR-03)',
  })
  @Answers(200, subscriptionDto)
  rotate(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: rotateBody }) body: RotateBody,
  ): Promise<SubscriptionDto> {
    return this.care.rotate(ctx, id, body);
  }

  @Post('replay')
  @HttpCode(200)
  @Allow(...OWNERS)
  @ApiOperation({
    operationId: 'replaySubscription',
    summary: 'Deliver again from a time or an event on (PTR-03)',
  })
  @Answers(200, subscriptionDto)
  replay(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: replayBody }) body: ReplayBody,
  ): Promise<SubscriptionDto> {
    return this.care.replay(ctx, id, body);
  }

  @Post('test')
  @HttpCode(200)
  @Allow(...OWNERS)
  @ApiOperation({ operationId: 'testSubscription', summary: 'Send a sample event now (PTR-03)' })
  @Answers(200, attemptDto)
  test(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: testBody }) body: TestBody,
  ): Promise<AttemptDto> {
    return this.care.test(ctx, id, body);
  }

  @Get('attempts')
  @Allow(...WATCHERS)
  @ApiOperation({
    operationId: 'listDeliveryAttempts',
    summary: 'What was sent and answered lately (PTR-03)',
  })
  @Answers(200, attemptPage)
  attempts(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Query({ schema: attemptsQuery }) query: AttemptsQuery,
  ): Promise<Page<AttemptDto>> {
    return this.care.attempts(ctx, id, query);
  }

  @Get('parked')
  @Allow(...WATCHERS)
  @ApiOperation({
    operationId: 'listParkedDeliveries',
    summary: 'Events that you refused, and what waits behind them',
  })
  @Answers(200, parkedPage)
  parked(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Query({ schema: parkedQuery }) query: ParkedQuery,
  ): Promise<Page<ParkedDto>> {
    return this.care.parked(ctx, id, query);
  }

  @Post('parked/:eventId/resend')
  @HttpCode(200)
  @Allow(...OWNERS)
  @ApiOperation({ operationId: 'resendParkedDelivery', summary: 'Send a refused event again' })
  @Answers(200, subscriptionDto)
  resend(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Param('eventId', recordId) eventId: string,
    @Body({ schema: emptyBody }) _body: object,
  ): Promise<SubscriptionDto> {
    return this.care.resend(ctx, id, eventId);
  }

  @Post('parked/:eventId/skip')
  @HttpCode(200)
  @Allow(...OWNERS)
  @ApiOperation({ operationId: 'skipParkedDelivery', summary: 'Go on without a refused event' })
  @Answers(200, subscriptionDto)
  skip(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Param('eventId', recordId) eventId: string,
    @Body({ schema: skipBody }) body: SkipBody,
  ): Promise<SubscriptionDto> {
    return this.care.skip(ctx, id, eventId, body.reason);
  }
}
