import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@steward/kernel';
import { eventually } from '@steward/testing';
import { MeterRead } from '../../test/events.js';
import { handlersOfTheService, MetersService } from '../../test/meters-service.js';
import { Handles } from '../consumer/handles.decorator.js';

jest.setTimeout(60_000);

type Json = Record<string, never>;

describe('a service with messaging', () => {
  let service: MetersService;
  beforeAll(async () => {
    service = await MetersService.prepare();
  });
  afterAll(() => service.close());

  const { SealMeterWhenMeterRead, NoteWhenMeterSealed } = handlersOfTheService;
  const refusal = async (options: Parameters<MetersService['start']>[0]): Promise<string> =>
    service.start(options).then(
      async (running) => {
        await running.stop();
        return 'it started';
      },
      (error: unknown) => (error as Error).message,
    );

  @Injectable()
  class Undecided {
    async handle(): Promise<void> {
      return Promise.resolve();
    }
  }

  @Injectable()
  @Handles(MeterRead, { repeat: ' ', late: '' })
  class Unexplained {
    constructor(@Inject('never') readonly nothing: unknown) {}
    async handle(): Promise<void> {
      return Promise.resolve();
    }
  }

  it('does not start with a consumer that is not sound', async () => {
    const consumers = (...handlers: never[]) => ({ consumers: [{ name: 'c', handlers }] });
    const twice = [
      { name: 'c', handlers: [SealMeterWhenMeterRead] },
      { name: 'c', handlers: [NoteWhenMeterSealed] },
    ];
    expect(await refusal({ consumers: twice })).toBe('there are two consumers c');
    expect(
      await refusal(consumers(SealMeterWhenMeterRead as never, SealMeterWhenMeterRead as never)),
    ).toMatch(/meters\.meter-read\.v1 has two handlers/);
    expect(await refusal({ ...consumers(SealMeterWhenMeterRead as never), known: undefined })).toMatch(
      /handles meters\.meter-read\.v1, which no contract defines/,
    );
    expect(await refusal(consumers(Undecided as never))).toMatch(/Undecided/);
    expect(await refusal(consumers(Unexplained as never))).toMatch(/Unexplained/);
  });

  it('is ready when relay and consumers work, and carries one trace id from the request to the last handler', async () => {
    await service.start();
    await eventually(async () => (await service.call('GET', '/health/ready')).status === 200);
    const trace = 'a'.repeat(31) + '1';
    const headers = { traceparent: `00-${trace}-${'b'.repeat(16)}-01` };
    const answer = await service.call('POST', '/api/v1/meters', { value: 3 }, headers);
    expect(answer.status).toBe(201);
    await eventually(() => service.seen.sealed.length === 1);
    const spans = await eventually(() => {
      const found = MetersService.exporter
        .getFinishedSpans()
        .filter((span) => span.spanContext().traceId === trace);
      return found.length >= 5 && found;
    });
    const named = (name: string) => spans.find((span) => span.name === name)!;
    const request = named('POST /api/v1/meters');
    const first = named('process meters.meter-read.v1');
    const second = named('process meters.meter-sealed.v1');
    expect(first.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
    expect(second.parentSpanContext?.spanId).toBe(first.spanContext().spanId);
    expect(spans.filter(({ name }) => name === 'publish meters.v1')).toHaveLength(2);
    expect(first.attributes).toMatchObject({ 'messaging.consumer.group.name': 'meters-sealing' });
  });

  it('lists parked events, replays and skips them over HTTP, for the headquarters administrator only', async () => {
    service.seen.poison = true;
    const { id } = (await (await service.call('POST', '/api/v1/meters', { value: -1 })).json()) as {
      id: string;
    };
    const list = async () => {
      const page = (await (await service.call('GET', `/api/v1/parked/meters?key=${id}`)).json()) as {
        items: Json[];
      };
      return page.items;
    };
    const [parked] = await eventually(async () => {
      const items = await list();
      return items.length === 1 && items;
    });
    expect(parked).toMatchObject({
      consumer: 'meters-sealing',
      key: id,
      code: 'meter.negative',
      sequence: 1,
    });
    expect(JSON.stringify(parked)).not.toContain('value');
    expect((await service.call('GET', '/api/v1/parked/meters', undefined, {}, 'nobody')).status).toBe(403);
    expect((await service.call('POST', `/api/v1/parked/meters/${newId()}/replay`)).status).toBe(404);
    const path = `/api/v1/parked/meters/${String(parked!['id'])}`;
    expect(await (await service.call('POST', `${path}/replay`)).json()).toMatchObject({
      applied: 0,
      left: 1,
    });
    expect((await service.call('POST', `${path}/skip`, {})).status).toBe(400);
    const skipped = await service.call('POST', `${path}/skip`, { reason: 'A typing error' });
    expect([skipped.status, await skipped.json()]).toEqual([200, { applied: 0, left: 0 }]);
    expect(await list()).toEqual([]);
  });

  it('tells its lag, its batches and the age of what is unpublished', async () => {
    const metrics = await (await service.call('GET', '/metrics')).text();
    expect(metrics).toMatch(/steward_consumer_lag\{[^}]*consumer="meters-notes"[^}]*\} 0/);
    expect(metrics).toMatch(/steward_outbox_oldest_unpublished/);
    expect(metrics).toMatch(/steward_outbox_batch_size_count/);
  });

  it('ends cleanly, also while events flow', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, value) => service.call('POST', '/api/v1/meters', { value })),
    );
    await service.running.stop();
    expect(service.lines.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
  });
});
