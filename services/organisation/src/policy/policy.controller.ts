import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { STAFF_AND_PARTNERS } from '../access.js';
import { PolicyQueryService } from './policy-query.service.js';
import {
  definitionsDto,
  effectiveDto,
  effectiveQuery,
  policiesQuery,
  policiesSetDto,
  policyPage,
  policyValueDto,
  setPoliciesBody,
  setPolicyBody,
  type DefinitionDto,
  type EffectiveDto,
  type EffectiveQuery,
  type PoliciesQuery,
  type PoliciesSetDto,
  type PolicyValueDto,
  type SetPoliciesBody,
  type SetPolicyBody,
} from './policy.dto.js';
import { SETTERS } from './policy.rules.js';
import { PolicyService } from './policy.service.js';

@ApiTags('organisation')
@Controller('api/v1/policies')
export class PolicyController {
  constructor(
    private readonly policies: PolicyService,
    private readonly queries: PolicyQueryService,
  ) {}

  @Get('definitions')
  @Allow(...STAFF_AND_PARTNERS)
  @ApiOperation({ operationId: 'listPolicyDefinitions', summary: 'The catalogue of parameters (POL-01)' })
  @Answers(200, definitionsDto)
  definitions(): { items: DefinitionDto[] } {
    return this.queries.definitions();
  }

  @Get('effective')
  @Allow(...STAFF_AND_PARTNERS)
  @ApiOperation({
    operationId: 'effectivePolicies',
    summary: 'What holds in a unit at a time, and where it comes from (POL-02, POL-03)',
  })
  @Answers(200, effectiveDto)
  effective(
    @Ctx() ctx: CallContext,
    @Query({ schema: effectiveQuery }) query: EffectiveQuery,
  ): Promise<EffectiveDto> {
    return this.queries.effective(ctx, query);
  }

  @Get()
  @Allow(...STAFF_AND_PARTNERS)
  @ApiOperation({
    operationId: 'listPolicyValues',
    summary: 'Who set which value, for where, from when and why',
  })
  @Answers(200, policyPage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: policiesQuery }) query: PoliciesQuery,
  ): Promise<Page<PolicyValueDto>> {
    return this.queries.list(ctx, query);
  }

  @Post()
  @Allow(...SETTERS)
  @ApiOperation({
    operationId: 'setPolicy',
    summary: 'Set a parameter for a unit from a date on (POL-02, POL-03)',
  })
  @Answers(201, policyValueDto)
  set(
    @Ctx() ctx: CallContext,
    @Body({ schema: setPolicyBody }) body: SetPolicyBody,
  ): Promise<PolicyValueDto> {
    return this.policies.set(ctx, body);
  }

  @Post('batch')
  @HttpCode(200)
  @Allow(...SETTERS)
  @ApiOperation({
    operationId: 'setPolicies',
    summary: 'Set many parameters at once, all or none: a profile',
  })
  @Answers(200, policiesSetDto)
  setAll(
    @Ctx() ctx: CallContext,
    @Body({ schema: setPoliciesBody }) body: SetPoliciesBody,
  ): Promise<PoliciesSetDto> {
    return this.policies.setAll(ctx, body);
  }
}
