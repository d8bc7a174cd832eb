import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext } from '@steward/platform';
import { FIGURE_ROLES, REBUILD_ROLES } from '../figure/figure.rules.js';
import { GenerationService } from './generation.service.js';
import { rebuildBody, rebuildDto, type RebuildDto } from './rebuild.dto.js';

/** Rebuilds of all figures; the address is from when there were those of tickets only. */
@ApiTags('insights')
@Controller('api/v1/figures/tickets/rebuild')
export class RebuildController {
  constructor(private readonly generations: GenerationService) {}

  @Post()
  @HttpCode(202)
  @Allow(...REBUILD_ROLES)
  @ApiOperation({
    operationId: 'beginRebuild',
    summary: 'Build the figures anew from the event history while the old ones serve (GRP-03)',
  })
  @Answers(202, rebuildDto)
  begin(@Ctx() ctx: CallContext, @Body({ schema: rebuildBody }) _body: object): Promise<RebuildDto> {
    return this.generations.begin(ctx);
  }

  @Get()
  @Allow(...FIGURE_ROLES)
  @ApiOperation({ operationId: 'rebuildState', summary: 'Which build serves, and how the rebuild stands' })
  @Answers(200, rebuildDto)
  state(): Promise<RebuildDto> {
    return this.generations.state();
  }
}
