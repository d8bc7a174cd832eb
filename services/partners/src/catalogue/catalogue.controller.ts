import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext } from '@steward/platform';
import { OWNERS } from '../subscription/subscription.rules.js';
import { eventTypesDto, type EventTypesDto } from './catalogue.dto.js';
import { CatalogueService } from './catalogue.service.js';

@ApiTags('partner events')
@Controller('api/v1/event-types')
export class CatalogueController {
  constructor(private readonly catalogue: CatalogueService) {}

  @Get()
  @Allow(...OWNERS)
  @ApiOperation({
    operationId: 'listGrantedEventTypes',
    summary: 'Types of events that you may subscribe to, with samples (PTR-04)',
  })
  @Answers(200, eventTypesDto)
  granted(@Ctx() ctx: CallContext): Promise<EventTypesDto> {
    return this.catalogue.granted(ctx);
  }
}
