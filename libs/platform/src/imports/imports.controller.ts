import {
  Controller,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Res,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import { ApiBody, type ApiBodyOptions, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ROLES } from '@steward/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { CallContext } from '../context.js';
import { Allow, Ctx } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { badCursor } from '../http/cursor.js';
import { DEFAULT_LIMIT, listQuery, MAX_LIMIT, pageSchema, type Page } from '../http/list-query.js';
import { JOB_STATES } from './import-job.js';
import { ImportUploads } from './import-uploads.js';
import { Imports, parseProblemCursor } from './imports.service.js';
import { jobView, rowProblemView, type JobView, type RowProblemView } from './job-view.js';
import { multipartParts } from './multipart.js';
import { MAPPING_LENGTH } from './upload-options.js';

const createQuery = z.strictObject({
  kind: z
    .string()
    .min(1)
    .max(60)
    .meta({ examples: ['tickets'] }),
});

const jobsQuery = listQuery({
  filters: { kind: z.string().max(60).optional(), state: z.enum(JOB_STATES).optional() },
  sorts: ['createdAt'],
  defaultSort: '-createdAt',
});

const rowsQuery = z.strictObject({
  state: z.enum(['rejected', 'warning']).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  after: z
    .string()
    .max(100)
    .optional()
    .transform((text, context) => {
      if (text === undefined) return undefined;
      const cursor = parseProblemCursor(text);
      if (cursor) return cursor;
      context.issues.push(badCursor(text));
      return z.NEVER;
    }),
});

const id = z.string().max(100);

const text = (description: string, maxLength = 60) => ({ type: 'string' as const, maxLength, description });

const FORM: ApiBodyOptions = {
  schema: {
    type: 'object',
    required: ['file'],
    properties: {
      file: { type: 'string', format: 'binary', description: 'CSV (, ; or tab) or .xlsx' },
      mapping: text(
        'Mapping of foreign columns as JSON; without it, columns named like our fields are taken',
        MAPPING_LENGTH,
      ),
      branch: text('Code of the branch of rows that name none'),
      source: text('Where the rows come from; ids are unique per branch and source'),
      mode: text('insert (default) or update: whether a known row with other content is rejected or changed'),
      dryRun: text('true: checks everything and changes nothing'),
      notify: text('true: imported rows may start notices, callbacks and webhooks'),
      encoding: text('Told from the file when left out'),
      sheet: text('Sheet of a workbook; the first when left out'),
    },
  },
};

/** Imports: any role may ask, and what may be imported depends on the kind's own roles. */
@ApiTags('imports')
@Controller('api/v1/imports')
export class ImportsController {
  constructor(
    @Inject(Imports) private readonly imports: Imports,
    @Inject(ImportUploads) private readonly uploads: ImportUploads,
  ) {}

  @Post()
  @HttpCode(202)
  @Allow(...ROLES)
  @ApiOperation({ summary: 'Imports a file: it is stored durably, then worked on as a job' })
  @ApiConsumes('multipart/form-data')
  @ApiBody(FORM)
  @Answers(202, jobView, 'The job; `Location` is where its progress is seen')
  async create(
    @Query({ schema: createQuery }) query: z.infer<typeof createQuery>,
    @Ctx() ctx: CallContext,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobView> {
    if (!request.isMultipart()) throw new UnsupportedMediaTypeException();
    const job = await this.uploads.receive(ctx, query.kind, multipartParts(request));
    void reply.header('location', `/api/v1/imports/${job.id}`);
    return job;
  }

  @Get()
  @Allow(...ROLES)
  @ApiOperation({ summary: 'Imports within the caller’s scope, newest first' })
  @Answers(200, pageSchema(jobView))
  list(
    @Query({ schema: jobsQuery }) query: z.output<typeof jobsQuery>,
    @Ctx() ctx: CallContext,
  ): Promise<Page<JobView>> {
    return this.imports.list(ctx, query);
  }

  @Get(':id')
  @Allow(...ROLES)
  @ApiOperation({ summary: 'Progress and result of an import' })
  @Answers(200, jobView)
  get(@Param('id', { schema: id }) jobId: string, @Ctx() ctx: CallContext): Promise<JobView> {
    return this.imports.get(ctx, jobId);
  }

  @Get(':id/rows')
  @Allow(...ROLES)
  @ApiOperation({ summary: 'Rows that were rejected or deserve a look, with the reasons' })
  @Answers(200, pageSchema(rowProblemView))
  rows(
    @Param('id', { schema: id }) jobId: string,
    @Query({ schema: rowsQuery }) { after, ...query }: z.output<typeof rowsQuery>,
    @Ctx() ctx: CallContext,
  ): Promise<Page<RowProblemView>> {
    return this.imports.rows(ctx, jobId, { ...query, ...(after ? { after } : {}) });
  }

  @Post(':id/cancellation')
  @HttpCode(200)
  @Allow(...ROLES)
  @ApiOperation({ summary: 'Ends an import between two batches; what is imported stays' })
  @Answers(200, jobView)
  cancel(@Param('id', { schema: id }) jobId: string, @Ctx() ctx: CallContext): Promise<JobView> {
    return this.imports.cancel(ctx, jobId);
  }
}
