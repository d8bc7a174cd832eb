import type { CallerGrants } from './caller-grants.js';
import type { Subscriber } from './subscriber.js';

export type RightsWatchOptions = Readonly<{
  /** How often rights are asked again without a reason. */
  recheckMs: number;
  /** How long rights that cannot be asked again go on being believed. */
  believeMs: number;
  /** Least pause between two questions about one stream. */
  pauseMs: number;
}>;

type Watched = {
  readonly subscriber: Subscriber;
  readonly authorization: string;
  readonly correlationId: string;
  knownAtMs: number;
  askedAtMs: number;
  asking: boolean;
};

const AT_ONCE = 8;

/**
 * Keeps the rights of open streams true: asks again after an event that may change them, and from time to time. A
 * stream whose token or last role is gone ends; one whose rights cannot be asked for too long ends too.
 */
export class RightsWatch {
  private readonly watched = new Map<Subscriber, Watched>();
  private asking = 0;

  constructor(
    private readonly grants: CallerGrants,
    private readonly options: RightsWatchOptions,
    private readonly nowMs: () => number,
  ) {}

  add(subscriber: Subscriber, authorization: string, correlationId: string): void {
    const nowMs = this.nowMs();
    const times = { knownAtMs: nowMs, askedAtMs: nowMs, asking: false };
    this.watched.set(subscriber, { subscriber, authorization, correlationId, ...times });
  }

  remove(subscriber: Subscriber): void {
    this.watched.delete(subscriber);
  }

  /** Asks for the streams whose turn it is; called often, does little. */
  tick(): void {
    const nowMs = this.nowMs();
    for (const one of this.watched.values()) {
      if (this.asking >= AT_ONCE) return;
      if (!one.asking && this.isDue(one, nowMs)) void this.ask(one);
    }
  }

  private isDue(one: Watched, nowMs: number): boolean {
    const sinceMs = nowMs - one.askedAtMs;
    return one.subscriber.stale ? sinceMs >= this.options.pauseMs : sinceMs >= this.options.recheckMs;
  }

  private async ask(one: Watched): Promise<void> {
    one.asking = true;
    one.askedAtMs = this.nowMs();
    one.subscriber.stale = false;
    this.asking += 1;
    const rights = await this.grants.of(one.authorization, one.correlationId);
    this.asking -= 1;
    one.asking = false;
    const { subscriber } = one;
    if (rights.kind === 'refused') return subscriber.rightsEnded();
    if (rights.kind === 'known') {
      one.knownAtMs = this.nowMs();
      return subscriber.rightsKnown(rights.audience);
    }
    if (this.nowMs() - one.knownAtMs >= this.options.believeMs) return subscriber.close();
    subscriber.stale = true;
  }
}
