import { EventEmitter } from 'node:events';
import { Body, Controller, Get, HttpCode, Inject, Module, Param, Patch, Post, Query } from '@nestjs/common';
import { conflict, DomainError, notFound, type ErrorKind } from '@steward/kernel';
import { trace } from '@opentelemetry/api';
import { z } from 'zod';
import type { CallContext, Grant } from '../src/context.js';
import {
  Allow,
  AllowAuthenticated,
  Answers,
  Ctx,
  listQuery,
  pageSchema,
  Public,
  requireMatch,
} from '../src/http/index.js';
import { encodeCursor } from '../src/http/cursor.js';
import type { Page } from '../src/http/list-query.js';
import { LOGGER } from '../src/tokens.js';
import { Telemetry } from '../src/telemetry/index.js';
import { ACCESS_DIRECTORY } from '../src/tokens.js';

export const noteSchema = z
  .object({
    id: z.string(),
    title: z
      .string()
      .min(1)
      .max(100)
      .meta({ examples: ['Leaking tap'] }),
    priority: z.int().min(1).max(5).default(3),
    dueAt: z.iso.datetime().nullable().optional(),
    version: z.int(),
  })
  .meta({ id: 'Note', examples: [{ id: 'n1', title: 'Leaking tap', priority: 3, version: 1 }] });

export const newNote = z
  .strictObject({
    title: z.string().min(1).max(100),
    priority: z.int().min(1).max(5).default(3),
    tags: z.array(z.object({ name: z.string().max(10) })).optional(),
  }) // prettier-ignore
  .meta({ id: 'NewNote', examples: [{ title: 'Leaking tap' }] });

export const noteQuery = listQuery({
  filters: { state: z.enum(['open', 'closed']).optional() },
  sorts: ['createdAt', 'title'],
  defaultSort: '-createdAt',
});

type Note = z.output<typeof noteSchema>;

/** Tells when a slow call has begun. */
export const slowCalls = new EventEmitter();

export const GRANTS: Record<string, Grant[]> = {
  'eb1.clerk': [{ role: 'cs-agent', level: 'branch', units: ['eb1'], refs: ['eb1'] }],
  'eb1.engineer': [{ role: 'engineer', level: 'site', units: ['site-1'], refs: ['eb1'] }],
  'hq.auditor': [{ role: 'hq-auditor', level: 'group', units: '*', refs: '*' }],
  'many.hats': [
    { role: 'cs-agent', level: 'branch', units: ['eb1'], refs: ['eb1'] },
    { role: 'hq-auditor', level: 'group', units: '*', refs: '*' },
  ],
};

const databaseError = (code: string, message: string): Error =>
  Object.assign(new Error(message), { code, severity: 'ERROR' });

@Controller('api/v1/notes')
export class NotesController {
  private readonly notes = new Map<string, Note>();

  constructor(@Inject(Telemetry) private readonly telemetry: Telemetry) {}

  @Post()
  @Allow('cs-agent', 'cs-manager')
  @Answers(201, noteSchema, 'The note')
  async create(
    @Ctx() ctx: CallContext,
    @Body({ schema: newNote }) body: z.output<typeof newNote>,
  ): Promise<object> {
    await this.telemetry.tracer.startActiveSpan('store note', (span) => Promise.resolve(span.end()));
    const note = { id: `n${this.notes.size + 1}`, title: body.title, priority: body.priority, version: 1 };
    this.notes.set(note.id, note);
    return { ...note, ctx, traceId: trace.getActiveSpan()?.spanContext().traceId };
  }

  @Get()
  @Allow('cs-agent', 'hq-auditor')
  @Answers(200, pageSchema(noteSchema), 'Notes in scope')
  list(
    @Ctx() ctx: CallContext,
    @Query({ schema: noteQuery }) query: z.output<typeof noteQuery>,
  ): Page<object> {
    const next = encodeCursor({ sort: query.sort.text, key: '2026-01-01', id: 'n1' });
    return { items: [{ query, scope: ctx.scope }], next };
  }

  @Get(':id')
  @Allow('cs-agent', 'hq-auditor', 'engineer')
  @Answers(200, noteSchema)
  read(@Param('id', { schema: z.string().max(20) }) id: string): Note {
    const note = this.notes.get(id);
    if (!note) throw notFound('note.not-found', 'There is no such note.');
    return note;
  }

  @Patch(':id')
  @Allow('cs-agent')
  @Answers(200, noteSchema)
  change(
    @Ctx() ctx: CallContext,
    @Param('id') id: string,
    @Body({ schema: newNote }) body: z.output<typeof newNote>,
  ): Note {
    const note = this.read(id);
    requireMatch(ctx, note.version);
    const changed = { ...note, ...body, version: note.version + 1 };
    this.notes.set(id, changed);
    return changed;
  }

  @Post(':id/close')
  @HttpCode(200)
  @Allow('cs-agent')
  close(@Ctx() ctx: CallContext): object {
    return { ctx };
  }
}

@Controller()
export class OddController {
  @Get('api/v1/me')
  @AllowAuthenticated()
  me(@Ctx() ctx: CallContext): object {
    return { ctx };
  }

  @Get('api/v1/open')
  @Public()
  open(@Ctx() ctx: CallContext | null): object {
    return { ctx };
  }

  @Get('api/v1/slow')
  @Public()
  async slow(@Query('ms') ms: string): Promise<object> {
    slowCalls.emit('begun');
    await new Promise((resolve) => setTimeout(resolve, Number(ms)).unref());
    return { slept: ms };
  }

  @Get('api/v1/faults/domain/:kind')
  @Public()
  domain(@Param('kind') kind: ErrorKind): never {
    throw new DomainError(
      kind,
      'note.refused',
      'Refused.',
      [{ path: 'title', code: 'bad', detail: 'Bad.' }],
      { a: 1 },
    );
  }

  @Get('api/v1/faults/database/:code')
  @Public()
  database(@Param('code') code: string, @Query('message') message = 'secret table name'): never {
    throw databaseError(code, message);
  }

  @Get('api/v1/faults/unknown')
  @Public()
  unknown(): never {
    throw new TypeError('secret inner detail');
  }

  @Get('api/v1/faults/late')
  @Public()
  async late(): Promise<never> {
    await Promise.resolve();
    throw conflict('note.already-closed', 'The note is closed.');
  }
}

@Module({
  controllers: [NotesController, OddController],
  providers: [
    {
      provide: ACCESS_DIRECTORY,
      useValue: { grantsOf: (subject: string) => Promise.resolve(GRANTS[subject] ?? []) },
    },
    { provide: 'usesLogger', inject: [LOGGER], useFactory: () => true },
  ],
})
export class NotesModule {}
