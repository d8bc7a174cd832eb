import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext } from '@steward/platform';
import { z } from 'zod';
import { READERS } from '../access.js';
import { statementDto, statementQuery, type StatementDto, type StatementQuery } from './statement.dto.js';
import { StatementService } from './statement.service.js';

const recordId = { schema: z.uuid() };

@ApiTags('billing')
@Controller('api/v1/billing-accounts/:id')
export class StatementController {
  constructor(private readonly statements: StatementService) {}

  @Get('statement')
  @Allow(...READERS)
  @ApiOperation({
    operationId: 'getStatement',
    summary: 'What was charged and paid on an account from day to day (BIL-16)',
  })
  @Answers(200, statementDto)
  get(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Query({ schema: statementQuery }) query: StatementQuery,
  ): Promise<StatementDto> {
    return this.statements.get(ctx, id, query);
  }

  @Get('statement.pdf')
  @Allow(...READERS)
  @ApiOperation({ operationId: 'printStatement', summary: 'The same as a PDF with Chinese type' })
  @ApiProduces('application/pdf')
  async pdf(
    @Ctx() ctx: CallContext,
    @Param('id', recordId) id: string,
    @Query({ schema: statementQuery }) query: StatementQuery,
  ): Promise<StreamableFile> {
    const bytes = await this.statements.pdf(ctx, id, query);
    const disposition = `attachment; filename="statement-${query.from}-${query.to}.pdf"`;
    return new StreamableFile(bytes, { type: 'application/pdf', disposition });
  }
}
