import { Body, Controller, Injectable, Module, Post, type DynamicModule } from '@nestjs/common';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { invalid, newId } from '@steward/kernel';
import type { EventEnvelope } from '@steward/contracts';
import {
  ACCESS_DIRECTORY,
  Allow,
  Commands,
  createService,
  Ctx,
  PlatformModule,
  startTelemetry,
  type CallContext,
  type PlatformConfig,
  type RunningService,
  type Tx,
} from '@steward/platform';
import {
  createTestDatabase,
  startTestIssuer,
  testTopicPrefix,
  type TestDatabase,
  type TestIssuer,
} from '@steward/testing';
import {
  Handles,
  MessagingModule,
  messagingMigrations,
  Outbox,
  reactionContext,
  type MessagingOptions,
} from '../src/index.js';
import { pino } from 'pino';
import { BRANCH, MeterRead, MeterSealed, OTHER_TOPIC, reading, TOPIC } from './events.js';
import { brokers } from './world.js';

@Controller('api/v1/meters')
class MeterController {
  constructor(
    private readonly commands: Commands,
    private readonly outbox: Outbox,
  ) {}

  @Post()
  @Allow('hq-admin')
  async read(@Ctx() ctx: CallContext, @Body() body: { value: number }): Promise<{ id: string }> {
    const id = newId();
    await this.commands.execute(ctx, (tx) => this.outbox.append(tx, ctx, reading(id, 1, body.value)));
    return { id };
  }
}

/** What the handlers saw, for the spec. */
export class Seen {
  readonly sealed: EventEnvelope[] = [];
  poison = false;
}

@Injectable()
@Handles(MeterRead, { repeat: 'seals once per version', late: 'order per meter is kept' })
class SealMeterWhenMeterRead {
  constructor(
    private readonly outbox: Outbox,
    private readonly seen: Seen,
  ) {}

  async handle(tx: Tx, event: EventEnvelope<typeof MeterRead.sample>): Promise<void> {
    if (this.seen.poison && event.data.value < 0)
      throw invalid('meter.negative', 'A meter does not run backwards.');
    const seal = { ...reading(event.subject, 2), definition: MeterSealed, data: { seal: 'A' } };
    await this.outbox.append(tx, reactionContext(tx, event, new Date()), seal);
  }
}

@Injectable()
@Handles(MeterSealed, { repeat: 'a list of the spec', late: 'a list of the spec' })
class NoteWhenMeterSealed {
  constructor(private readonly seen: Seen) {}

  async handle(_tx: Tx, event: EventEnvelope): Promise<void> {
    this.seen.sealed.push(event);
    return Promise.resolve();
  }
}

const role = { role: 'hq-admin', level: 'group', units: '*', refs: '*' } as const;
const directory = { grantsOf: (subject: string) => Promise.resolve(subject === 'hq.admin' ? [role] : []) };

@Module({})
class MetersModule {
  static forRoot(config: PlatformConfig, messaging: Partial<MessagingOptions>): DynamicModule {
    return {
      module: MetersModule,
      imports: [
        PlatformModule.forRoot(config, { service: 'meters', migrations: messagingMigrations }),
        MessagingModule.forRoot({
          service: 'meters',
          topics: [TOPIC, OTHER_TOPIC],
          consumers: [
            { name: 'meters-sealing', handlers: [SealMeterWhenMeterRead] },
            { name: 'meters-notes', handlers: [NoteWhenMeterSealed] },
          ],
          known: () => true,
          ...messaging,
        }),
      ],
      controllers: [MeterController],
      providers: [
        Seen,
        SealMeterWhenMeterRead,
        NoteWhenMeterSealed,
        { provide: ACCESS_DIRECTORY, useValue: directory },
      ],
    };
  }
}

export const handlersOfTheService = { SealMeterWhenMeterRead, NoteWhenMeterSealed };

/** A whole small service over HTTP, PostgreSQL and Kafka. */
export class MetersService {
  static readonly exporter = new InMemorySpanExporter();
  readonly lines: string[] = [];
  running!: RunningService;

  private constructor(
    readonly issuer: TestIssuer,
    readonly database: TestDatabase,
  ) {}

  static async prepare(): Promise<MetersService> {
    startTelemetry({ exporter: MetersService.exporter });
    return new MetersService(await startTestIssuer(), await createTestDatabase('meters'));
  }

  async start(messaging: Partial<MessagingOptions> = {}): Promise<RunningService> {
    const { appUrl, workerUrl, ownerUrl } = this.database;
    const config = {
      mode: 'test',
      host: '127.0.0.1',
      port: 0,
      shutdownMs: 1000,
      logLevel: 'silent',
      oidc: { issuer: this.issuer.url, audience: 'platform-api' },
      telemetry: {
        traces: false,
        metrics: false,
        metricsIntervalMs: 60_000,
        sampler: 'always_on',
        samplerRatio: 1,
      },
      database: { url: appUrl, workerUrl, migrationUrl: ownerUrl, poolSize: 5 },
      kafka: { brokers: brokers(), topicPrefix: this.prefix },
      auditKey: 'k'.repeat(32),
    } as PlatformConfig;
    const module = MetersModule.forRoot(config, messaging);
    const definition = {
      name: 'meters',
      version: '1',
      module,
      openapi: { title: 'Meters', description: 'Meters' },
    };
    const logger = pino({ level: 'debug' }, { write: (line: string) => void this.lines.push(line) });
    this.running = await createService(definition, config, { logger });
    return this.running;
  }

  readonly prefix = testTopicPrefix();

  get seen(): Seen {
    return this.running.app.get(Seen);
  }

  call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    subject = 'hq.admin',
  ) {
    return fetch(this.running.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.issuer.token(subject)}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async close(): Promise<void> {
    await this.running?.stop();
    await this.issuer.close();
    await this.database.drop();
  }
}

export { BRANCH };
