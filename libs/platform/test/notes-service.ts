import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import type { DynamicModule, Type } from '@nestjs/common';
import { expect } from '@jest/globals';
import { startTestIssuer, type TestIssuer } from '@steward/testing';
import { pino } from 'pino';
import { parseConfig, serviceConfig, serviceEnv, type ServiceConfig } from '../src/config.js';
import { createService, type RunningService } from '../src/service.js';
import { startTelemetry } from '../src/telemetry/index.js';
import { NotesModule } from './notes.fixture.js';

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are checked by expectations, not by types */
type Json = Record<string, any>;

export type Answer = Readonly<{ status: number; headers: Headers; body: Json; text: string }>;

/** The notes service of the fixture with its own issuer, and short ways to call it. */
export class NotesService {
  readonly exporter = new InMemorySpanExporter();
  /** What was logged, one JSON text per line. */
  readonly lines: string[] = [];
  private readonly logger = pino({ level: 'debug' }, { write: (line: string) => void this.lines.push(line) });

  private constructor(
    readonly issuer: TestIssuer,
    readonly config: ServiceConfig,
  ) {}

  running!: RunningService;
  /** A token of a clerk of branch eb1. */
  clerk!: string;

  static async start(): Promise<NotesService> {
    const issuer = await startTestIssuer();
    const env = { OIDC_ISSUER: issuer.url, LOG_LEVEL: 'silent', NODE_ENV: 'test' };
    const service = new NotesService(issuer, serviceConfig(parseConfig(serviceEnv, env)));
    startTelemetry({ exporter: service.exporter });
    service.running = await service.boot(NotesModule);
    service.clerk = issuer.token('eb1.clerk');
    return service;
  }

  /** Boots another service with the same issuer. */
  boot(
    module: Type | DynamicModule,
    more: Partial<ServiceConfig> = {},
    name = 'notes',
  ): Promise<RunningService> {
    const openapi = { title: 'Notes', description: 'Notes of a branch' };
    const definition = { name, version: '1.2.3', module, openapi, bodyLimit: 20_000 };
    return createService(definition, { ...this.config, ...more }, { logger: this.logger });
  }

  async call(path: string, init: RequestInit = {}, base = this.running.url): Promise<Answer> {
    const answer = await fetch(base + path, init);
    const text = await answer.text();
    const json = answer.headers.get('content-type')?.includes('json') && text !== '';
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      body: json ? (JSON.parse(text) as Json) : {},
    };
  }

  /** Posts as the clerk; texts and bytes go as they are, other values as JSON. */
  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    return this.call(path, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.clerk}`, 'content-type': 'application/json', ...headers },
      body: raw ? (body as RequestInit['body']) : JSON.stringify(body),
    });
  }

  /** Request options of the clerk. */
  asClerk(headers: Record<string, string> = {}): RequestInit {
    return bearer(this.clerk, headers);
  }

  async stop(): Promise<void> {
    await this.running.stop();
    await this.issuer.close();
  }
}

/** Request options with a token. */
export function bearer(token: string, headers: Record<string, string> = {}): RequestInit {
  return { headers: { authorization: `Bearer ${token}`, ...headers } };
}

/** Expects a problem document that says nothing of the inside. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  expect({ status: answer.status, code: answer.body.code as unknown }).toEqual({ status, code });
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(answer.body).toMatchObject({
    type: `urn:steward:problem:${code}`,
    status,
    title: expect.any(String),
    detail: expect.any(String),
    instance: expect.stringMatching(/^\//),
    correlationId: answer.headers.get('x-correlation-id'),
  });
  expect(answer.text).not.toMatch(/\.[jt]s:\d|secret/);
}
