import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import { KEEPERS, READERS } from '../access.js';
import {
  creditNoteDto,
  creditNotePage,
  creditNotesQuery,
  issueCreditNoteBody,
  type CreditNoteDto,
  type CreditNotesQuery,
  type IssueCreditNoteBody,
} from './credit-note.dto.js';
import { CreditNoteService } from './credit-note.service.js';

const recordId = { schema: z.uuid() };

@ApiTags('billing')
@Controller('api/v1/credit-notes')
export class CreditNoteController {
  constructor(private readonly notes: CreditNoteService) {}

  @Post()
  @Allow(...KEEPERS)
  @ApiOperation({
    operationId: 'issueCreditNote',
    summary: 'Correct an issued invoice downwards by a numbered note (BIL-07)',
  })
  @Answers(201, creditNoteDto)
  issue(
    @Ctx() ctx: CallContext,
    @Body({ schema: issueCreditNoteBody }) body: IssueCreditNoteBody,
  ): Promise<CreditNoteDto> {
    return this.notes.issue(ctx, body);
  }

  @Get()
  @Allow(...READERS)
  @ApiOperation({ operationId: 'listCreditNotes', summary: 'Credit notes of your branches and sites' })
  @Answers(200, creditNotePage)
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: creditNotesQuery }) query: CreditNotesQuery,
  ): Promise<Page<CreditNoteDto>> {
    return this.notes.list(ctx, query);
  }

  @Get(':id')
  @Allow(...READERS)
  @ApiOperation({ operationId: 'getCreditNote', summary: 'One credit note' })
  @Answers(200, creditNoteDto)
  get(@Ctx() ctx: CallContext, @Param('id', recordId) id: string): Promise<CreditNoteDto> {
    return this.notes.get(ctx, id);
  }
}
