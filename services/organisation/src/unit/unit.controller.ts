import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { STAFF_AND_PARTNERS } from '../access.js';
import {
  changeUnitBody,
  registerUnitBody,
  unitDto,
  unitPage,
  unitsQuery,
  type ChangeUnitBody,
  type RegisterUnitBody,
  type UnitDto,
  type UnitsQuery,
} from './unit.dto.js';
import { KEEPER_ROLES } from './unit.rules.js';
import { UnitService } from './unit.service.js';

const unitId = { schema: z.uuid() };

@ApiTags('organisation')
@Controller('api/v1/units')
export class UnitController {
  constructor(private readonly units: UnitService) {}

  @Post()
  @Allow(...KEEPER_ROLES)
  @ApiOperation({ operationId: 'registerUnit', summary: 'Add a region, a branch or a site' })
  @Answers(201, unitDto)
  register(
    @Ctx() ctx: CallContext,
    @Body({ schema: registerUnitBody }) body: RegisterUnitBody,
  ): Promise<UnitDto> {
    return this.units.register(ctx, body);
  }

  @Get()
  @Allow(...STAFF_AND_PARTNERS)
  @ApiOperation({
    operationId: 'listUnits',
    summary: 'Your branches, their sites and what stands above them (ORG-01)',
  })
  @Answers(200, unitPage)
  list(@Ctx() ctx: CallContext, @Query({ schema: unitsQuery }) query: UnitsQuery): Promise<Page<UnitDto>> {
    return this.units.list(ctx, query);
  }

  @Get(':id')
  @Allow(...STAFF_AND_PARTNERS)
  @ApiOperation({ operationId: 'getUnit', summary: 'One unit' })
  @Answers(200, unitDto)
  get(@Ctx() ctx: CallContext, @Param('id', unitId) id: string): Promise<UnitDto> {
    return this.units.get(ctx, id);
  }

  @Patch(':id')
  @Allow(...KEEPER_ROLES)
  @ApiOperation({
    operationId: 'changeUnit',
    summary: 'Rename a unit, give it another calendar, close or reopen it',
  })
  @Answers(200, unitDto)
  change(
    @Ctx() ctx: CallContext,
    @Param('id', unitId) id: string,
    @Body({ schema: changeUnitBody }) body: ChangeUnitBody,
  ): Promise<UnitDto> {
    return this.units.change(ctx, id, body);
  }
}
