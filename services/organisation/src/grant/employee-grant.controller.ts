import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { STAFF } from '../access.js';
import { reasonBody, type ReasonBody } from '../employee/employee.dto.js';
import {
  grantDto,
  grantPage,
  grantRoleBody,
  grantsQuery,
  type GrantDto,
  type GrantRoleBody,
  type GrantsQuery,
} from './grant.dto.js';
import { GRANTERS } from './grant.rules.js';
import { GrantQueryService } from './grant-query.service.js';
import { GrantService } from './grant.service.js';

const uuid = { schema: z.uuid() };

@ApiTags('organisation')
@Controller('api/v1/employees/:employeeId/grants')
export class EmployeeGrantController {
  constructor(
    private readonly grants: GrantService,
    private readonly queries: GrantQueryService,
  ) {}

  @Post()
  @Allow(...GRANTERS)
  @ApiOperation({ operationId: 'grantRole', summary: 'Give an employee a role in a unit' })
  @Answers(201, grantDto)
  grant(
    @Ctx() ctx: CallContext,
    @Param('employeeId', uuid) employeeId: string,
    @Body({ schema: grantRoleBody }) body: GrantRoleBody,
  ): Promise<GrantDto> {
    return this.grants.grant(ctx, employeeId, body);
  }

  @Get()
  @Allow(...STAFF)
  @ApiOperation({
    operationId: 'listGrantsOfEmployee',
    summary: 'Roles of an employee in the units that you see',
  })
  @Answers(200, grantPage)
  list(
    @Ctx() ctx: CallContext,
    @Param('employeeId', uuid) employeeId: string,
    @Query({ schema: grantsQuery }) query: GrantsQuery,
  ): Promise<Page<GrantDto>> {
    return this.queries.listOf(ctx, employeeId, query);
  }

  @Post(':grantId/revocation')
  @HttpCode(200)
  @Allow(...GRANTERS)
  @ApiOperation({ operationId: 'revokeRole', summary: 'Take a role away at once' })
  @Answers(200, grantDto)
  revoke(
    @Ctx() ctx: CallContext,
    @Param('employeeId', uuid) employeeId: string,
    @Param('grantId', uuid) grantId: string,
    @Body({ schema: reasonBody }) { reason }: ReasonBody,
  ): Promise<GrantDto> {
    return this.grants.revoke(ctx, employeeId, grantId, reason);
  }
}
