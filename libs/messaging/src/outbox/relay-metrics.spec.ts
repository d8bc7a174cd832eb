import { describe, expect, it, jest } from '@jest/globals';
import { createNoopMeter, type Meter } from '@opentelemetry/api';
import { RelayMetrics } from './relay-metrics.js';

describe('the age that the relay tells', () => {
  const make = (): RelayMetrics => new RelayMetrics(createNoopMeter(), 'meters');
  const later = (ms: number): number => Date.now() + ms;

  it('is that of the oldest row that waits, and nothing once it is published', () => {
    const metrics = make();
    metrics.claimed(new Date(Date.now() - 5000));
    expect(metrics.oldestMs(Date.now())).toBeGreaterThanOrEqual(5000);
    metrics.published(1);
    expect(metrics.oldestMs(later(60_000))).toBe(0);
  });

  it('grows behind a republication that does not come through, although no new row waits', () => {
    const metrics = make();
    metrics.claimed(undefined);
    metrics.refilling(true);
    metrics.refilling(true);
    expect(metrics.oldestMs(later(60_000))).toBeGreaterThanOrEqual(59_000);
    metrics.refilling(false);
    expect(metrics.oldestMs(later(60_000))).toBe(0);
  });

  it('counts from the first look at rows that wait, and from the last that was published', () => {
    const metrics = make();
    metrics.claimed(new Date());
    const first = metrics.stalledMs(later(60_000));
    metrics.claimed(new Date());
    expect(metrics.stalledMs(later(60_000))).toBeGreaterThanOrEqual(first);
    metrics.published(1);
    expect([metrics.stalledMs(later(60_000)), make().stalledMs(later(60_000))]).toEqual([0, 0]);
    metrics.claimed(new Date());
    metrics.claimed(undefined);
    expect(metrics.stalledMs(later(60_000))).toBe(0);
  });

  it('is never below nothing', () => {
    const metrics = make();
    metrics.claimed(new Date(later(60_000)));
    expect(metrics.oldestMs(Date.now())).toBe(0);
  });

  it('is told with the sizes and the number of what was published, until the relay ends', () => {
    const told: unknown[] = [];
    const watching: ((result: { observe(value: number, labels: object): void }) => void)[] = [];
    const instrument = (name: string) => ({
      record: (value: number, labels: object) => told.push([name, value, labels]),
      add: (value: number, labels: object) => told.push([name, value, labels]),
      addCallback: (callback: never) => watching.push(callback),
      removeCallback: (callback: never) => watching.splice(watching.indexOf(callback), 1),
    });
    const gauges: [string, string][] = [];
    const meter = {
      createHistogram: instrument,
      createCounter: instrument,
      createObservableGauge: (name: string, { unit }: { unit: string }) => {
        gauges.push([name, unit]);
        return instrument(name);
      },
    };
    const metrics = new RelayMetrics(meter as unknown as Meter, 'meters');
    expect(gauges).toEqual([['steward.outbox.oldest_unpublished', 's']]);
    metrics.published(7);
    expect(told).toEqual([
      ['steward.outbox.batch_size', 7, { service: 'meters' }],
      ['steward.outbox.published', 7, { service: 'meters' }],
    ]);
    jest.useFakeTimers({ now: 60_000 });
    metrics.claimed(new Date(55_000));
    const seen: [number, object][] = [];
    for (const watch of watching) watch({ observe: (value, labels) => void seen.push([value, labels]) });
    jest.useRealTimers();
    expect(seen).toEqual([[5, { service: 'meters' }]]);
    metrics.close();
    expect(watching).toEqual([]);
  });

  it('a republication that goes on is no standstill for the rows that wait behind it', () => {
    const metrics = make();
    metrics.claimed(new Date());
    expect(metrics.stalledMs(later(60_000))).toBeGreaterThanOrEqual(59_000);
    expect(metrics.stalledMs(later(60_000))).toBeLessThan(later(0));
    metrics.refilling(true);
    metrics.refilled();
    expect(metrics.stalledMs(later(60_000))).toBe(0);
  });
});
