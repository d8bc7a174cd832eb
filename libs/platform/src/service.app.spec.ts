import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, type OnApplicationShutdown, type Type } from '@nestjs/common';
import { eventually } from '@steward/testing';
import { NotesService } from '../test/notes-service.js';
import { NotesModule, slowCalls } from '../test/notes.fixture.js';
import { Health } from './health.js';
import { Allow, Public } from './http/index.js';

let service: NotesService;

beforeAll(async () => {
  service = await NotesService.start();
});

afterAll(() => service.stop());

describe('health and metrics', () => {
  it('is live, and ready as its checks say', async () => {
    expect((await service.call('/health/live')).body).toEqual({ status: 'live' });
    const health = service.running.app.get(Health, { strict: false });
    const remove = health.register('relay', () => ({ ok: false, detail: 'stuck' }));
    const stuck = await service.call('/health/ready');
    expect(stuck.status).toBe(503);
    expect(stuck.body).toEqual({ status: 'not-ready', checks: { relay: { ok: false, detail: 'stuck' } } });
    remove();
    expect((await service.call('/health/ready')).status).toBe(200);
  });

  it('measures requests per route under the service’s name', async () => {
    await service.call('/api/v1/notes/secret-id', service.asClerk());
    const { text, headers } = await service.call('/metrics');
    expect(headers.get('content-type')).toContain('text/plain');
    expect(text).toMatch(
      /http_server_request_duration_count\{[^}]*http_route="\/api\/v1\/notes\/:id"[^}]*service_name="notes"/,
    );
    expect(text).not.toContain('secret-id');
  });
});

describe('traces and logs', () => {
  it('joins the caller’s trace, names the service, and is active in the handler', async () => {
    service.exporter.reset();
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const created = await service.post(
      '/api/v1/notes',
      { title: 'traced' },
      { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
    );
    expect(created.body.traceId).toBe(traceId);
    const spans = service.exporter
      .getFinishedSpans()
      .filter((span) => span.spanContext().traceId === traceId);
    const server = spans.find((span) => span.name === 'POST /api/v1/notes');
    const inner = spans.find((span) => span.name === 'store note');
    expect(server?.attributes).toMatchObject({
      'http.route': '/api/v1/notes',
      'http.response.status_code': 201,
    });
    expect(server?.resource.attributes['service.name']).toBe('notes');
    expect(server?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
    expect(inner?.parentSpanContext?.spanId).toBe(server?.spanContext().spanId);
  });

  it('writes one line per request, with neither body nor query nor token', async () => {
    service.lines.length = 0;
    await service.post(
      '/api/v1/notes?secret=query',
      { title: 'private words' },
      { 'x-correlation-id': 'log-1' },
    );
    const found = service.lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((line) => line.correlationId === 'log-1');
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      method: 'POST',
      route: '/api/v1/notes',
      status: 201,
      ms: expect.any(Number),
      traceId: expect.any(String),
    });
    expect(service.lines.join('')).not.toMatch(/private words|secret|Bearer|eyJ/);
  });

  it('tells of a request whose caller went away', async () => {
    service.exporter.reset();
    service.lines.length = 0;
    const begun = once(slowCalls, 'begun');
    const request = httpRequest(`${service.running.url}/api/v1/slow?ms=60000`).on('error', () => undefined);
    request.end();
    await begun;
    request.destroy();
    const span = await eventually(() => service.exporter.getFinishedSpans()[0]);
    expect(span.attributes).toMatchObject({
      'http.response.status_code': 499,
      'error.type': 'client-closed',
    });
    expect(service.lines.filter((line) => line.includes('"status":499'))).toHaveLength(1);
  });

  it('keeps services in one process apart', async () => {
    const second = await service.boot(NotesModule, {}, 'second');
    service.exporter.reset();
    await service.call('/api/v1/open', {}, second.url);
    await service.call('/api/v1/open');
    expect(
      service.exporter.getFinishedSpans().map((span) => span.resource.attributes['service.name']),
    ).toEqual(['second', 'notes']);
    const { text } = await service.call('/metrics', {}, second.url);
    expect(text).toContain('service_name="second"');
    expect(text).not.toContain('service_name="notes"');
    await second.stop();
    expect((await service.call('/api/v1/open')).status).toBe(200);
  });
});

@Controller('api/v1/naked')
class NakedController {
  @Get()
  read(): string {
    return 'open to everyone by mistake';
  }
}

@Controller()
class GuardedController {
  @Get('api/v1/guarded')
  @Allow('hq-admin')
  read(): string {
    return '';
  }
}

@Controller()
class PublicController {
  @Get('api/v1/public')
  @Public()
  read(): object {
    return {};
  }
}

const closed: string[] = [];
class Resource implements OnApplicationShutdown {
  onApplicationShutdown(): void {
    closed.push('resource');
  }
}

const moduleOf = (controller: Type): Type => {
  class Fixture {}
  Module({ controllers: [controller], providers: [Resource] })(Fixture);
  return Fixture;
};

describe('start', () => {
  it('fails on a route that does not say who may call it, and closes what was open', async () => {
    closed.length = 0;
    await expect(service.boot(moduleOf(NakedController))).rejects.toThrow(
      'routes without @Allow, @AllowAuthenticated or @Public: GET /api/v1/naked',
    );
    expect(closed).toEqual(['resource']);
  });

  it('fails when roles are asked for and nobody can tell them', async () => {
    await expect(service.boot(moduleOf(GuardedController))).rejects.toThrow('ACCESS_DIRECTORY');
  });

  it('fails when the port is taken', async () => {
    const port = Number(new URL(service.running.url).port);
    await expect(service.boot(moduleOf(PublicController), { port })).rejects.toThrow('EADDRINUSE');
  });
});

describe('stop', () => {
  const slow = (base: string, ms: number): Promise<number> =>
    new Promise((resolve, reject) => {
      httpRequest(`${base}/api/v1/slow?ms=${ms}`, (answer) => {
        answer
          .resume()
          .on('end', () => resolve(answer.statusCode ?? 0))
          .on('error', reject);
      })
        .on('error', reject)
        .end();
    });

  it('lets running requests end, takes no new ones, and closes the modules after them', async () => {
    const other = await service.boot(NotesModule);
    const begun = once(slowCalls, 'begun');
    const running = slow(other.url, 300);
    await begun;
    const stopping = other.stop();
    await expect(fetch(`${other.url}/api/v1/open`, { headers: { connection: 'close' } })).rejects.toThrow();
    await expect(running).resolves.toBe(200);
    await stopping;
    await expect(other.stop()).resolves.toBeUndefined();
  });

  it('still serves a connection that a caller keeps, and asks for a new one', async () => {
    const other = await service.boot(NotesModule, { lingerMs: 30_000 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const open = (): Promise<[status: number, connection: string]> =>
      new Promise((resolve, reject) => {
        httpRequest(`${other.url}/api/v1/slow?ms=0`, { agent }, (answer) =>
          answer.resume().on('end', () => resolve([answer.statusCode ?? 0, answer.headers.connection ?? ''])),
        )
          .on('error', reject)
          .end();
      });
    expect(await open()).toEqual([200, 'keep-alive']);
    const stopping = other.stop();
    expect(await open()).toEqual([200, 'close']);
    await stopping;
    await expect(open()).rejects.toThrow('ECONNREFUSED');
  });

  it('cuts off what does not end in time', async () => {
    const other = await service.boot(NotesModule, { shutdownMs: 50 });
    const begun = once(slowCalls, 'begun');
    const running = slow(other.url, 60_000).catch((error: Error) => error.message);
    await begun;
    await other.stop();
    await expect(running).resolves.toBe('socket hang up');
  });
});
