import { Body, Controller, Get, HttpCode, Inject, Post, type Type } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Allow,
  Answers,
  Audit,
  Commands,
  Ctx,
  GROUP_SCOPE,
  SERVICE_NAME,
  WorkerDatabase,
  type CallContext,
} from '@steward/platform';
import { z } from 'zod';
import { Operation } from './operation.js';
import { isRefilling, requestRefill } from '../outbox/refill.js';
import { republicationEntry } from '../outbox/republication.js';

const body = z
  .strictObject({ reason: z.string().trim().min(1).max(500) })
  .meta({ id: 'Republish', examples: [{ reason: 'The broker lost its disk.' }] });

const schema = z
  .object({
    service: z.string(),
    running: z.boolean().describe('Whether the relay still has some of it to publish.'),
  })
  .meta({ id: 'Republication' });
type Republication = z.output<typeof schema>;

/**
 * The route that fills a service's topics again from its outbox, under `/api/v1/republications/<service>`: the relay of
 * the running service does it, with the same ids, before anything newer.
 */
export function republicationController(service: string): Type {
  @ApiTags('republications')
  @Controller(`api/v1/republications/${service}`)
  class RepublicationController {
    constructor(
      @Inject(WorkerDatabase) private readonly database: WorkerDatabase,
      @Inject(Commands) private readonly commands: Commands,
      @Inject(Audit) private readonly audit: Audit,
      @Inject(SERVICE_NAME) private readonly name: string,
    ) {}

    @Post()
    @HttpCode(202)
    @Allow('hq-admin')
    @Operation('republish', service, '', "Fill the service's topics again from its event history")
    @Answers(202, schema, "The service's topics are filled again from its event history")
    async begin(
      @Ctx() ctx: CallContext,
      @Body({ schema: body }) { reason }: z.output<typeof body>,
    ): Promise<Republication> {
      return this.commands.execute(ctx, async (tx) => {
        await this.audit.record(tx, ctx, republicationEntry(this.name, reason));
        await this.database.transaction(GROUP_SCOPE, requestRefill);
        return { service: this.name, running: true };
      });
    }

    @Get()
    @Allow('hq-admin', 'hq-auditor')
    @Operation('get', service, 'Republication', 'Tell whether a republication is still running')
    @Answers(200, schema, 'Whether a republication is still running')
    async state(): Promise<Republication> {
      return { service: this.name, running: await isRefilling(this.database) };
    }
  }
  return RepublicationController;
}
