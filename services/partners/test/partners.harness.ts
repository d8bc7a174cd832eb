import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { PARTNER_CONTEXTS, TicketCompleted, TicketStarted } from '@steward/contracts';
import { bootService, FactStream, ServiceUnderTest, type Json } from '@steward/directory/testing';
import { newId } from '@steward/kernel';
import type { Env, RunningService } from '@steward/platform';
import { eventually, freePort } from '@steward/testing';
import type { PartnersConfig } from '../src/config.js';
import * as service from '../src/index.js';
import type { Receiver } from './receiver.js';

export const GRANTS = '/api/v1/partner-grants';
export const SUBSCRIPTIONS = '/api/v1/subscriptions';
export const FEED = '/api/v1/partner-events';
export const STARTED = TicketStarted.type;
export const COMPLETED = TicketCompleted.type;

const QUICK: Env = {
  WEBHOOK_TIMEOUT_MS: '1000',
  WEBHOOK_BACK_OFF_S: '0.2',
  WEBHOOK_ALLOWED_INSIDE: '127.0.0.1',
};

/** The service with headquarters and East, EB1 and EB2, and partner clients. */
export class PartnersUnderTest extends ServiceUnderTest<PartnersConfig> {
  readonly facts = new FactStream(this.kafka);
  private readonly copies: RunningService[] = [];
  private readonly children: ChildProcess[] = [];

  static async start(env: Env = {}): Promise<PartnersUnderTest> {
    const started = new PartnersUnderTest(await bootService(service, { ...QUICK, ...env }));
    await started.kafka.topics.ensure(
      PARTNER_CONTEXTS.map((context) => ({ name: `${context}.v1`, kind: 'events' })),
    );
    started.group
      .unit('group', 'HQ')
      .unit('region', 'East', { parent: 'HQ' })
      .unit('branch', 'EB1', { parent: 'East' })
      .unit('branch', 'EB2', { parent: 'East' })
      .employee('hq.admin', 'hq-admin@HQ')
      .employee('hq.auditor', 'hq-auditor@HQ')
      .employee('eb1.agent', 'cs-agent@EB1')
      .employee('bank', 'partner@EB1', 'partner@EB2')
      .employee('utility', 'partner@EB1')
      .employee('authority', 'partner@EB2');
    await started.learn();
    return started;
  }

  /** Another copy over the same database and topics. */
  async copy(): Promise<RunningService> {
    const copy = await service.createApp({ ...this.config, port: 0 });
    this.copies.push(copy);
    return copy;
  }

  /** A copy in a process of its own, which can be killed. */
  async processCopy(): Promise<ChildProcess> {
    const port = await freePort();
    const { database, kafka, oidc, delivery } = this.config;
    const child = spawn(process.execPath, [resolve('services/partners/dist/main.js')], {
      env: {
        ...process.env,
        NODE_ENV: 'test',
        LOG_LEVEL: 'error',
        SERVICE_PORT: String(port),
        DATABASE_URL: database.url,
        WORKER_DATABASE_URL: database.workerUrl,
        MIGRATE_ON_START: 'false',
        KAFKA_BROKERS: kafka.brokers.join(','),
        KAFKA_TOPIC_PREFIX: kafka.topicPrefix,
        OIDC_ISSUER: oidc.issuer,
        WEBHOOK_TIMEOUT_MS: String(delivery.timeoutMs),
        WEBHOOK_BACK_OFF_S: '0.2',
        WEBHOOK_ALLOWED_INSIDE: '127.0.0.1',
      },
      stdio: 'inherit',
    });
    this.children.push(child);
    await eventually(async () => (await fetch(`http://127.0.0.1:${port}/health/live`)).ok, {
      timeoutMs: 30_000,
    });
    return child;
  }

  /** Ends the other copies and the service itself, so that only processes of their own are left. */
  async leaveToOthers(): Promise<void> {
    for (const copy of this.copies.splice(0)) await copy.stop();
    await this.running.stop();
  }

  override async stop(): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL');
    for (const copy of this.copies) await copy.stop().catch(() => undefined);
    await this.facts.close();
    await super.stop();
  }

  /** Lets a client have facts of tickets, of all its branches unless it is said otherwise. */
  grant(client: string, changes: Json = {}): Promise<Json> {
    const body = { client, name: client, eventTypes: [STARTED, COMPLETED], ...changes };
    return this.make(GRANTS, 'hq.admin', body);
  }

  subscribe(client: string, receiver: Pick<Receiver, 'url'>, changes: Json = {}): Promise<Json> {
    const body = { name: client, eventTypes: [STARTED], address: receiver.url, ...changes };
    return this.make(SUBSCRIPTIONS, client, body);
  }

  async secrets(client: string, { id }: Json): Promise<string[]> {
    const { body } = await this.get(`${SUBSCRIPTIONS}/${id}/secrets`, client);
    return (body['items'] as Json[]).map(({ secret }) => secret as string);
  }

  async read(client: string, { id }: Json): Promise<Json> {
    return (await this.get(`${SUBSCRIPTIONS}/${id}`, client)).body;
  }

  /** States that tickets were started, again and again: `times` facts of each, interleaved. Gives the tickets' ids. */
  async started(tickets: readonly string[], { times = 1, branch = 'EB1' } = {}): Promise<void> {
    const place = { branch: this.group.id(branch) };
    for (let n = 0; n < times; n += 1)
      for (const ticketId of tickets)
        this.facts.state(TicketStarted, ticketId, place, {
          ticketId,
          startedAt: new Date(Date.UTC(2026, 2, 2, 1, 0, n % 60)).toISOString(),
        });
    await this.facts.publish();
  }

  /** Waits until the log holds so many events of a ticket. */
  async logged(ticketId: string, count: number): Promise<void> {
    await eventually(async () => {
      const rows = await this.rows('select 1 from partner_event where aggregate_id = $1', [ticketId]);
      return rows.length >= count;
    });
  }
}

export const ids = (count: number): string[] => Array.from({ length: count }, () => newId());
