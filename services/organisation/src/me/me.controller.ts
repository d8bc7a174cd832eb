import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AllowAuthenticated, Answers, Ctx, type CallContext } from '@steward/platform';
import { meDto, type MeDto } from './me.dto.js';
import { MeService } from './me.service.js';

@ApiTags('organisation')
@Controller('api/v1/me')
export class MeController {
  constructor(private readonly service: MeService) {}

  @Get()
  @AllowAuthenticated()
  @ApiOperation({ operationId: 'getMe', summary: 'Who you are, and which roles you hold where' })
  @Answers(200, meDto)
  me(@Ctx() ctx: CallContext): Promise<MeDto> {
    return this.service.me(ctx);
  }
}
