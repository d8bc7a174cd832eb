import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { KEEPERS, READERS } from '../access.js';
import {
  propertyUnitDto,
  propertyUnitPage,
  propertyUnitsQuery,
  changePropertyUnitBody,
  registerPropertyUnitBody,
  type PropertyUnitDto,
  type PropertyUnitsQuery,
  type ChangePropertyUnitBody,
  type RegisterPropertyUnitBody,
} from './property-unit.dto.js';
import { PropertyUnitService } from './property-unit.service.js';

const recordId = { schema: z.uuid() };

@ApiTags('premises')
@Controller('api/v1/property-units')
export class PropertyUnitController {
  constructor(private readonly units: PropertyUnitService) {}

  @Post()
  @Allow(...KEEPERS)
  @ApiOperation({
    operationId: 'registerPropertyUnit',
    summary: 'Take a flat, office or shop into the register (PRM-01)',
  })
  @Answers(201, propertyUnitDto)
  register(
    @Ctx() ctx: CallContext,
    @Body({ schema: registerPropertyUnitBody }) body: RegisterPropertyUnitBody,
  ): Promise<PropertyUnitDto> {
    return this.units.register(ctx, body);
  }

  @Get()
  @Allow(...READERS)
  @ApiOperation({
    operationId: 'listPropertyUnits',
    summary: 'Units of your branches and sites; by the beginning of a code',
  })
  @Answers(200, propertyUnitPage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: propertyUnitsQuery }) query: PropertyUnitsQuery,
  ): Promise<Page<PropertyUnitDto>> {
    return this.units.list(ctx, query);
  }

  @Get(':id')
  @Allow(...READERS)
  @ApiOperation({ operationId: 'getPropertyUnit', summary: 'One property unit' })
  @Answers(200, propertyUnitDto)
  get(@Ctx() ctx: CallContext, @Param('id', recordId) id: string): Promise<PropertyUnitDto> {
    return this.units.get(ctx, id);
  }

  @Patch(':id')
  @Allow(...KEEPERS)
  @ApiOperation({ operationId: 'changePropertyUnit', summary: 'Correct a unit, or close it' })
  @Answers(200, propertyUnitDto)
  change(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: changePropertyUnitBody }) body: ChangePropertyUnitBody,
  ): Promise<PropertyUnitDto> {
    return this.units.change(ctx, id, body);
  }
}
