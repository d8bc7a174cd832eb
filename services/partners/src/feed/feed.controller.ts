import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext } from '@steward/platform';
import { OWNERS } from '../subscription/subscription.rules.js';
import { feedDto, feedQuery, type FeedDto, type FeedQuery } from './feed.dto.js';
import { FeedService } from './feed.service.js';

@ApiTags('partner events')
@Controller('api/v1/partner-events')
export class FeedController {
  constructor(private readonly feed: FeedService) {}

  @Get()
  @Allow(...OWNERS)
  @ApiOperation({
    operationId: 'readPartnerEvents',
    summary: 'Events that you are granted, in order, from a place on (PTR-01)',
    description: 'Ask again with `after` = `next`: nothing is skipped, whatever is recorded meanwhile.',
  })
  @Answers(200, feedDto)
  read(@Ctx() ctx: CallContext, @Query({ schema: feedQuery }) query: FeedQuery): Promise<FeedDto> {
    return this.feed.read(ctx, query);
  }
}
