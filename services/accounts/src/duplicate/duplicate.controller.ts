import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext } from '@steward/platform';
import { customerDto, type CustomerDto } from '../customer/customer.dto.js';
import { KEEPERS } from '../customer/customer.rules.js';
import {
  duplicatesDto,
  findDuplicatesBody,
  linkCustomerBody,
  type DuplicatesDto,
  type FindDuplicatesBody,
  type LinkCustomerBody,
} from './duplicate.dto.js';
import { DuplicateService } from './duplicate.service.js';

@ApiTags('customers')
@Controller('api/v1/customers')
export class DuplicateController {
  constructor(private readonly duplicates: DuplicateService) {}

  @Post('duplicates')
  @HttpCode(200)
  @Allow(...KEEPERS)
  @ApiOperation({
    operationId: 'findDuplicates',
    summary: 'Who this may already be, in the whole group (ACC-02)',
  })
  @Answers(200, duplicatesDto)
  find(
    @Ctx() ctx: CallContext,
    @Body({ schema: findDuplicatesBody }) body: FindDuplicatesBody,
  ): Promise<DuplicatesDto> {
    return this.duplicates.find(ctx, body);
  }

  @Post('links')
  @Allow(...KEEPERS)
  @ApiOperation({
    operationId: 'linkCustomer',
    summary: 'Confirm that a customer of other branches is this one (ACC-02)',
  })
  @Answers(201, customerDto)
  link(
    @Ctx() ctx: CallContext,
    @Body({ schema: linkCustomerBody }) body: LinkCustomerBody,
  ): Promise<CustomerDto> {
    return this.duplicates.link(ctx, body);
  }
}
