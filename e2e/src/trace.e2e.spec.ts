import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@steward/testing';
import { ApiClient, ApiError } from '@steward/tools';
import { ServicesInOne } from '../test/services-in-one.js';

type Unit = { id: string; code: string };

const week = (spans: { from: string; to: string }[]) => ({
  1: spans,
  2: spans,
  3: spans,
  4: spans,
  5: spans,
  6: [],
  7: [],
});

let all: ServicesInOne;
beforeAll(async () => {
  all = await ServicesInOne.start();
}, 120_000);
afterAll(async () => {
  await all?.stop();
}, 60_000);

/** Repeats what is refused only because the organisation's events have not arrived yet. */
const soon = <T>(call: () => Promise<T>): Promise<T> =>
  eventually(
    async () => {
      try {
        return { answer: await call() };
      } catch (error) {
        if (error instanceof ApiError && [401, 403, 404].includes(error.status)) return false;
        throw error;
      }
    },
    { timeoutMs: 60_000 },
  ).then(({ answer }) => answer);

describe('telemetry', () => {
  it('one trace goes from the gateway through the service, outbox and Kafka to the handler of insights', async () => {
    const api = new ApiClient(`${all.url}/api/v1`, all.issuer.token('hq.admin'));
    const [group] = await soon(() => api.all<Unit>('/units'));
    const calendar = await api.post<{ id: string }>('/calendars', {
      name: 'Office hours',
      calendar: {
        timeZone: 'Asia/Shanghai',
        week: week([{ from: '09:00', to: '18:00' }]),
        holidays: {},
        makeUpDays: {},
      },
      effectiveFrom: '2026-01-01T00:00:00.000Z',
    });
    const place = { timeZone: 'Asia/Shanghai', locale: 'zh-CN', calendarId: calendar.id };
    const region = await api.post<Unit>('/units', {
      kind: 'region',
      parentId: group!.id,
      code: 'R',
      name: 'Region',
    });
    const branch = await api.post<Unit>('/units', {
      kind: 'branch',
      parentId: region.id,
      code: 'TB1',
      name: 'Branch',
      ...place,
    });

    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const ticket = { branchId: branch.id, kind: 'complaint', channel: 'hotline', content: 'Noise.' };
    const answer = await soon(async () => {
      const response = await fetch(`${all.url}/api/v1/tickets`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${all.issuer.token('hq.admin')}`,
          'content-type': 'application/json',
          traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
        },
        body: JSON.stringify(ticket),
      });
      if (response.status !== 201)
        throw new ApiError('POST', '/tickets', response.status, '', await response.text());
      return (await response.json()) as { number: string };
    });
    expect(answer.number).toMatch(/^TB1-T-/);

    const names = await eventually(
      () => {
        const spans = all.exporter
          .getFinishedSpans()
          .filter((span) => span.spanContext().traceId === traceId);
        const found = spans.map(
          ({ resource, name }) => `${String(resource.attributes['service.name'])}: ${name}`,
        );
        return found.some((name) => name.includes('process tickets.ticket-registered.v1'))
          ? found
          : Promise.reject(new Error(found.join('\n')));
      },
      { timeoutMs: 60_000 },
    );
    expect(names).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/gateway: POST/),
        expect.stringMatching(/tickets: POST/),
      ]),
    );
    expect(names.filter((name) => name.startsWith('insights'))).not.toEqual([]);
  }, 180_000);
});
