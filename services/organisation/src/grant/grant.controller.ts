import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { STAFF } from '../access.js';
import { GrantQueryService } from './grant-query.service.js';
import { grantPage, grantsQuery, type GrantDto, type GrantsQuery } from './grant.dto.js';

@ApiTags('organisation')
@Controller('api/v1/grants')
export class GrantController {
  constructor(private readonly grants: GrantQueryService) {}

  @Get()
  @Allow(...STAFF)
  @ApiOperation({ operationId: 'listGrants', summary: 'Who holds which role where, in your scope' })
  @Answers(200, grantPage)
  list(@Ctx() ctx: CallContext, @Query({ schema: grantsQuery }) query: GrantsQuery): Promise<Page<GrantDto>> {
    return this.grants.list(ctx, query);
  }
}
