import type { Meter, ObservableCallback } from '@opentelemetry/api';
import type { PartitionBook } from './partition-book.js';

/** What a consumer tells of itself: lag, events handled, retries, events parked. */
export class ConsumerMetrics {
  readonly handled: (count: number) => void;
  readonly retried: () => void;
  readonly parked: (count: number) => void;
  /** Ends what is observed of this consumer. */
  readonly close: () => void;

  constructor(meter: Meter, consumer: string, book: PartitionBook) {
    const labels = { consumer };
    const handled = meter.createCounter('steward.consumer.messages', {
      description: 'Messages that are done with',
    });
    const retries = meter.createCounter('steward.consumer.retries', { description: 'Chunks tried again' });
    const parked = meter.createCounter('steward.consumer.parked', { description: 'Events parked' });
    const lag = meter.createObservableGauge('steward.consumer.lag', {
      description: 'Messages still to be applied',
    });
    const observe: ObservableCallback = (result) => result.observe(book.lag(), labels);
    lag.addCallback(observe);
    this.close = () => lag.removeCallback(observe);
    this.handled = (count) => handled.add(count, labels);
    this.retried = () => retries.add(1, labels);
    this.parked = (count) => parked.add(count, labels);
  }
}
