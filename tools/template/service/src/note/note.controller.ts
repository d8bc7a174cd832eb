import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Answers, Ctx, type CallContext, type Page } from '@steward/platform';
import { z } from 'zod';
import {
  closeNoteBody,
  noteDto,
  notePage,
  notesQuery,
  writeNoteBody,
  type NoteDto,
  type NotesQuery,
  type WriteNoteBody,
} from './note.dto.js';
import { READ_ROLES, WRITE_ROLES } from './note.rules.js';
import { NoteService } from './note.service.js';

@ApiTags('newcomer')
@Controller('api/v1/newcomer-notes')
export class NoteController {
  constructor(private readonly notes: NoteService) {}

  @Post()
  @Allow(...WRITE_ROLES)
  @ApiOperation({ operationId: 'writeNewcomerNote', summary: 'Write a note' })
  @Answers(201, noteDto)
  write(@Ctx() ctx: CallContext, @Body({ schema: writeNoteBody }) body: WriteNoteBody): Promise<NoteDto> {
    return this.notes.write(ctx, body);
  }

  @Get()
  @Allow(...READ_ROLES)
  @ApiOperation({ operationId: 'listNewcomerNotes', summary: 'Notes of the branches you work in (ORG-01)' })
  @Answers(200, notePage)
  list(@Ctx() ctx: CallContext, @Query({ schema: notesQuery }) query: NotesQuery): Promise<Page<NoteDto>> {
    return this.notes.list(ctx, query);
  }

  @Get(':id')
  @Allow(...READ_ROLES)
  @ApiOperation({ operationId: 'getNewcomerNote', summary: 'One note' })
  @Answers(200, noteDto)
  get(@Ctx() ctx: CallContext, @Param('id', { schema: z.uuid() }) id: string): Promise<NoteDto> {
    return this.notes.get(ctx, id);
  }

  @Post(':id/closing')
  @HttpCode(200)
  @Allow(...WRITE_ROLES)
  @ApiOperation({ operationId: 'closeNewcomerNote', summary: 'Close a note' })
  @Answers(200, noteDto)
  close(
    @Ctx() ctx: CallContext,
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: closeNoteBody }) _body: object,
  ): Promise<NoteDto> {
    return this.notes.close(ctx, id);
  }
}
