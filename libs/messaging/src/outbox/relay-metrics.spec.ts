import { describe, expect, it } from '@jest/globals';
import { createNoopMeter } from '@opentelemetry/api';
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

  it('a republication that goes on is no standstill for the rows that wait behind it', () => {
    const metrics = make();
    metrics.claimed(new Date());
    expect(metrics.stalledMs(later(60_000))).toBeGreaterThanOrEqual(59_000);
    metrics.refilling(true);
    metrics.refilled();
    expect(metrics.stalledMs(later(60_000))).toBe(0);
  });
});
