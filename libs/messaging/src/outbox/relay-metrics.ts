import type { Meter, ObservableCallback } from '@opentelemetry/api';

/** What the relay tells of itself: size of batches, events published, age of the oldest unpublished row. */
export class RelayMetrics {
  private oldestAt: number | undefined;
  private waitingSince: number | undefined;
  private refillingSince: number | undefined;
  private readonly count: (rows: number) => void;
  /** Ends what is observed of this relay. */
  readonly close: () => void;

  constructor(meter: Meter, service: string) {
    const labels = { service };
    const sizes = meter.createHistogram('steward.outbox.batch_size', {
      description: 'Events per published batch',
    });
    const total = meter.createCounter('steward.outbox.published', { description: 'Events published' });
    const age = meter.createObservableGauge('steward.outbox.oldest_unpublished', {
      description: 'Age of the oldest event that is not published, or of a republication under way',
      unit: 's',
    });
    const observe: ObservableCallback = (result) => result.observe(this.oldestMs(Date.now()) / 1000, labels);
    age.addCallback(observe);
    this.close = () => age.removeCallback(observe);
    this.count = (rows) => {
      sizes.record(rows, labels);
      total.add(rows, labels);
    };
  }

  /** Keeps the time of the oldest row of a batch about to be published; undefined when nothing waits. */
  claimed(oldest: Date | undefined): void {
    this.oldestAt = oldest?.getTime();
    this.waitingSince = oldest ? (this.waitingSince ?? Date.now()) : undefined;
  }

  published(rows: number): void {
    this.waitingSince = undefined;
    this.oldestAt = undefined;
    this.count(rows);
  }

  /** Whether the history is being published again; its age counts from the first look. */
  refilling(open: boolean): void {
    this.refillingSince = open ? (this.refillingSince ?? Date.now()) : undefined;
  }

  /** A part of the history is published again: newer rows still wait, but the relay moves. */
  refilled(): void {
    this.waitingSince = undefined;
  }

  oldestMs(now: number): number {
    const since = Math.min(this.oldestAt ?? now, this.refillingSince ?? now);
    return Math.max(0, now - since);
  }

  /** How long rows have waited without any being published. */
  stalledMs(now: number): number {
    return this.waitingSince === undefined ? 0 : now - this.waitingSince;
  }
}
