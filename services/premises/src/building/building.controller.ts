import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { KEEPERS, READERS } from '../access.js';
import {
  buildingDto,
  buildingPage,
  buildingsQuery,
  changeBuildingBody,
  registerBuildingBody,
  type BuildingDto,
  type BuildingsQuery,
  type ChangeBuildingBody,
  type RegisterBuildingBody,
} from './building.dto.js';
import { BuildingService } from './building.service.js';

const recordId = { schema: z.uuid() };

@ApiTags('premises')
@Controller('api/v1/buildings')
export class BuildingController {
  constructor(private readonly buildings: BuildingService) {}

  @Post()
  @Allow(...KEEPERS)
  @ApiOperation({
    operationId: 'registerBuilding',
    summary: 'Take a building of a site into the register (PRM-01)',
  })
  @Answers(201, buildingDto)
  register(
    @Ctx() ctx: CallContext,
    @Body({ schema: registerBuildingBody }) body: RegisterBuildingBody,
  ): Promise<BuildingDto> {
    return this.buildings.register(ctx, body);
  }

  @Get()
  @Allow(...READERS)
  @ApiOperation({ operationId: 'listBuildings', summary: 'Buildings of your branches and sites' })
  @Answers(200, buildingPage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: buildingsQuery }) query: BuildingsQuery,
  ): Promise<Page<BuildingDto>> {
    return this.buildings.list(ctx, query);
  }

  @Get(':id')
  @Allow(...READERS)
  @ApiOperation({ operationId: 'getBuilding', summary: 'One building' })
  @Answers(200, buildingDto)
  get(@Ctx() ctx: CallContext, @Param('id', recordId) id: string): Promise<BuildingDto> {
    return this.buildings.get(ctx, id);
  }

  @Patch(':id')
  @Allow(...KEEPERS)
  @ApiOperation({ operationId: 'changeBuilding', summary: 'Correct a building, or close it' })
  @Answers(200, buildingDto)
  change(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Body({ schema: changeBuildingBody }) body: ChangeBuildingBody,
  ): Promise<BuildingDto> {
    return this.buildings.change(ctx, id, body);
  }
}
