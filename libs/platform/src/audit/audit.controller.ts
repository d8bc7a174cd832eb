import { Controller, Get, Headers, Inject, Query, StreamableFile, type Type } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { CallContext } from '../context.js';
import { WorkerDatabase } from '../database/database.js';
import { Allow, Ctx } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { instant } from '../http/fields.js';
import { listQuery, pageSchema, type Page } from '../http/list-query.js';
import { AuditTrail, type TrailItem } from './audit-trail.js';
import { Audit } from './audit.js';
import { placeSchema, placeText } from './audit-place.js';
import { verifyAudit } from './verify.js';

const word = () => z.string().min(1).max(200);

const trailQuery = listQuery({
  filters: {
    entity: word().optional(),
    entityId: z.uuid().optional(),
    action: word().optional(),
    actor: word().optional(),
    branchId: z.uuid().optional(),
    from: instant().optional(),
    to: instant().optional().describe('Before this instant.'),
  },
  sorts: ['recorded'],
  defaultSort: '-recorded',
});

const trailItem = z
  .object({
    id: z.uuid(),
    branchId: z.uuid().nullable(),
    entity: z.string(),
    entityId: z.uuid(),
    action: z.string(),
    actor: z.string(),
    at: instant(),
    correlationId: z.string(),
    reason: z.string().nullable(),
    changes: z.array(
      z.object({
        field: z.string(),
        from: z.unknown(),
        to: z.unknown(),
        personal: z.boolean().describe('Shown as *** (ORG-03).'),
      }),
    ),
    sequence: z
      .int()
      .nullable()
      .describe("The row's place in its branch's chain; null until it is sealed, within seconds."),
    hash: z.string().nullable(),
  })
  .meta({ id: 'AuditRow' });

/** Rows of one part: some seconds on a slow machine, far from the gateway's deadline. */
const PART_ROWS = 20_000;

const partQuery = z.strictObject({
  after: placeSchema.optional().meta({ description: '`next` of the part before.' }),
  rows: z.coerce
    .number()
    .int()
    .min(1)
    .max(PART_ROWS)
    .default(PART_ROWS)
    .describe('Rows of this part, about.'),
});

const verdictDto = z
  .object({
    ok: z.boolean().describe('Whether this part is whole; the trail is when all parts are.'),
    sealed: z.int().describe('Rows of this part that were recomputed.'),
    unsealed: z.int(),
    oldestUnsealedAt: instant().nullable(),
    faults: z.array(
      z.object({ branchId: z.uuid().nullable(), sequence: z.string(), id: z.string(), fault: z.string() }),
    ),
    next: z.string().nullable().describe('`after` of the next part; null at the end.'),
  })
  .meta({ id: 'AuditVerdict' });

const trailPage = pageSchema(trailItem).meta({ id: 'AuditPage' });

/** The trail of a service over HTTP: `/api/v1/audit/<service>`, as pages or as one CSV file (ORG-02). */
export function trailController(service: string): Type {
  @ApiTags('audit')
  @Controller(`api/v1/audit/${service}`)
  class TrailController {
    constructor(@Inject(AuditTrail) private readonly trail: AuditTrail) {}

    @Get()
    @Allow('hq-auditor', 'hq-admin', 'general-manager', 'branch-manager')
    @ApiOperation({
      operationId: `list${capital(service)}Audit`,
      summary:
        'Who changed what, when, from what to what, why; with `Accept: text/csv` the whole of it as a file',
    })
    @ApiProduces('application/json', 'text/csv')
    @Answers(200, trailPage)
    list(
      @Ctx() ctx: CallContext,
      @Query({ schema: trailQuery }) query: z.output<typeof trailQuery>,
      @Headers('accept') accept = '',
    ): Promise<Page<TrailItem>> | StreamableFile {
      if (!/\btext\/csv\b/i.test(accept)) return this.trail.list(ctx.scope, query);
      const disposition = `attachment; filename="audit-${service}.csv"`;
      const file = Readable.from(this.trail.csv(ctx.scope, query));
      return new StreamableFile(file, { type: 'text/csv; charset=utf-8', disposition });
    }
  }
  return TrailController;
}

/** The verification of a service's chains: `/api/v1/audit/<service>/verification` (ORG-02). */
export function verificationController(service: string): Type {
  @ApiTags('audit')
  @Controller(`api/v1/audit/${service}/verification`)
  class VerificationController {
    constructor(
      @Inject(WorkerDatabase) private readonly database: WorkerDatabase,
      @Inject(Audit) private readonly audit: Audit,
    ) {}

    @Get()
    @Allow('hq-auditor', 'hq-admin')
    @ApiOperation({
      operationId: `verify${capital(service)}Audit`,
      summary: 'Recompute the chains, part by part, and say whether a row was changed, removed or inserted',
    })
    @Answers(200, verdictDto)
    async verify(
      @Query({ schema: partQuery }) part: z.output<typeof partQuery>,
    ): Promise<z.output<typeof verdictDto>> {
      const { oldestUnsealedAt, faults, next, ...verdict } = await verifyAudit(
        this.database,
        this.audit,
        part,
      );
      return {
        ...verdict,
        faults: [...faults],
        oldestUnsealedAt: oldestUnsealedAt?.toISOString() ?? null,
        next: next && placeText(next),
      };
    }
  }
  return VerificationController;
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
