import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import {
  changeSubscriptionBody,
  emptyBody,
  makeSubscriptionBody,
  subscriptionDto,
  subscriptionPage,
  subscriptionsQuery,
  type ChangeSubscriptionBody,
  type MakeSubscriptionBody,
  type SubscriptionDto,
  type SubscriptionsQuery,
} from './subscription.dto.js';
import { OWNERS, WATCHERS } from './subscription.rules.js';
import { SubscriptionService } from './subscription.service.js';

const recordId = { schema: z.uuid() };

@ApiTags('subscriptions')
@Controller('api/v1/subscriptions')
export class SubscriptionController {
  constructor(private readonly subscriptions: SubscriptionService) {}

  @Post()
  @Allow(...OWNERS)
  @ApiOperation({
    operationId: 'makeSubscription',
    summary: 'Subscribe to events by signed webhooks (PTR-01)',
    description: 'The signing secret is read at /api/v1/subscriptions/{id}/secrets.',
  })
  @Answers(201, subscriptionDto)
  make(
    @Ctx() ctx: CallContext,
    @Body({ schema: makeSubscriptionBody }) body: MakeSubscriptionBody,
  ): Promise<SubscriptionDto> {
    return this.subscriptions.make(ctx, body);
  }

  @Get()
  @Allow(...WATCHERS)
  @ApiOperation({ operationId: 'listSubscriptions', summary: 'Subscriptions; a partner sees its own' })
  @Answers(200, subscriptionPage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: subscriptionsQuery }) query: SubscriptionsQuery,
  ): Promise<Page<SubscriptionDto>> {
    return this.subscriptions.list(ctx, query);
  }

  @Get(':id')
  @Allow(...WATCHERS)
  @ApiOperation({
    operationId: 'getSubscription',
    summary: 'One subscription, with the state of its address',
  })
  @Answers(200, subscriptionDto)
  get(@Ctx() ctx: CallContext, @Param('id', recordId) id: string): Promise<SubscriptionDto> {
    return this.subscriptions.get(ctx, id);
  }

  @Patch(':id')
  @Allow(...OWNERS)
  @ApiOperation({ operationId: 'changeSubscription', summary: 'Change types, branches, filter or address' })
  @Answers(200, subscriptionDto)
  change(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: changeSubscriptionBody }) body: ChangeSubscriptionBody,
  ): Promise<SubscriptionDto> {
    return this.subscriptions.change(ctx, id, body);
  }

  @Post(':id/pause')
  @HttpCode(200)
  @Allow(...OWNERS)
  @ApiOperation({ operationId: 'pauseSubscription', summary: 'Hold deliveries; nothing is lost' })
  @Answers(200, subscriptionDto)
  pause(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: emptyBody }) _body: object,
  ): Promise<SubscriptionDto> {
    return this.subscriptions.pause(ctx, id);
  }

  @Post(':id/resumption')
  @HttpCode(200)
  @Allow(...OWNERS)
  @ApiOperation({
    operationId: 'resumeSubscription',
    summary: 'Go on from where it stopped, also after it was disabled',
  })
  @Answers(200, subscriptionDto)
  resume(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: emptyBody }) _body: object,
  ): Promise<SubscriptionDto> {
    return this.subscriptions.resume(ctx, id);
  }

  @Delete(':id')
  @Allow(...OWNERS)
  @ApiOperation({ operationId: 'endSubscription', summary: 'Give a subscription up' })
  @Answers(200, subscriptionDto)
  end(@Ctx() ctx: CallContext, @Param('id', recordId) id: string): Promise<SubscriptionDto> {
    return this.subscriptions.end(ctx, id);
  }
}
