import { Body, Controller, Delete, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext } from '@steward/platform';
import { z } from 'zod';
import { grantDto, type GrantDto } from '../grant/grant.dto.js';
import { GIVERS } from '../grant/grant.rules.js';
import { emptyBody } from '../subscription/subscription.dto.js';
import { topicCredentialsDto, type TopicCredentialsDto } from './topic.dto.js';
import { TopicService } from './topic.service.js';

const recordId = { schema: z.uuid() };

@ApiTags('partner grants')
@Controller('api/v1/partner-grants/:id/topic')
export class TopicController {
  constructor(private readonly topics: TopicService) {}

  @Post()
  @HttpCode(200)
  @Allow(...GIVERS)
  @ApiOperation({
    operationId: 'openPartnerTopic',
    summary: 'Give the partner a Kafka topic of its own (PTR-01)',
    description: 'It is written from now on, like a webhook; nobody reads it before credentials are issued.',
  })
  @Answers(200, grantDto)
  open(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: emptyBody }) _body: object,
  ): Promise<GrantDto> {
    return this.topics.open(ctx, id);
  }

  @Post('credentials')
  @HttpCode(200)
  @Allow(...GIVERS)
  @ApiOperation({
    operationId: 'issuePartnerTopicCredentials',
    summary: 'Issue or renew the login to the topic; the password is shown once',
  })
  @Answers(200, topicCredentialsDto)
  issue(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: emptyBody }) _body: object,
  ): Promise<TopicCredentialsDto> {
    return this.topics.issue(ctx, id);
  }

  @Delete()
  @Allow(...GIVERS)
  @ApiOperation({ operationId: 'closePartnerTopic', summary: 'Take the topic and its login away' })
  @Answers(200, grantDto)
  close(@Ctx() ctx: CallContext, @Param('id', recordId) id: string): Promise<GrantDto> {
    return this.topics.close(ctx, id);
  }
}
