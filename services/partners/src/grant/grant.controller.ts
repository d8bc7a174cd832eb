import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import {
  changeGrantBody,
  giveGrantBody,
  grantDto,
  grantPage,
  grantsQuery,
  revokeGrantBody,
  type ChangeGrantBody,
  type GiveGrantBody,
  type GrantDto,
  type GrantsQuery,
  type RevokeGrantBody,
} from './grant.dto.js';
import { GIVERS, GRANT_READERS } from './grant.rules.js';
import { GrantService } from './grant.service.js';

const recordId = { schema: z.uuid() };

@ApiTags('partner grants')
@Controller('api/v1/partner-grants')
export class GrantController {
  constructor(private readonly grants: GrantService) {}

  @Post()
  @Allow(...GIVERS)
  @ApiOperation({ operationId: 'givePartnerGrant', summary: 'Let a partner have events (PTR-02)' })
  @Answers(201, grantDto)
  give(@Ctx() ctx: CallContext, @Body({ schema: giveGrantBody }) body: GiveGrantBody): Promise<GrantDto> {
    return this.grants.give(ctx, body);
  }

  @Get()
  @Allow(...GRANT_READERS)
  @ApiOperation({ operationId: 'listPartnerGrants', summary: 'Grants; a partner sees its own' })
  @Answers(200, grantPage)
  list(@Ctx() ctx: CallContext, @Query({ schema: grantsQuery }) query: GrantsQuery): Promise<Page<GrantDto>> {
    return this.grants.list(ctx, query);
  }

  @Get(':id')
  @Allow(...GRANT_READERS)
  @ApiOperation({ operationId: 'getPartnerGrant', summary: 'One grant' })
  @Answers(200, grantDto)
  get(@Ctx() ctx: CallContext, @Param('id', recordId) id: string): Promise<GrantDto> {
    return this.grants.get(ctx, id);
  }

  @Patch(':id')
  @Allow(...GIVERS)
  @ApiOperation({ operationId: 'changePartnerGrant', summary: 'Widen or narrow a grant (PTR-02)' })
  @Answers(200, grantDto)
  change(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: changeGrantBody }) body: ChangeGrantBody,
  ): Promise<GrantDto> {
    return this.grants.change(ctx, id, body);
  }

  @Post(':id/revocation')
  @HttpCode(200)
  @Allow(...GIVERS)
  @ApiOperation({
    operationId: 'revokePartnerGrant',
    summary: 'Revoke a grant; what is on its way stops (PTR-02)',
  })
  @Answers(200, grantDto)
  revoke(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: revokeGrantBody }) body: RevokeGrantBody,
  ): Promise<GrantDto> {
    return this.grants.revoke(ctx, id, body.reason);
  }
}
