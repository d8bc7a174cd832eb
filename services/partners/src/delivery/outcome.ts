import { newId } from '@steward/kernel';
import type { Attempt } from './attempt.repository.js';
import { verdictOf, type Answer, type Verdict } from './delivery.rules.js';
import type { Parked } from './parked.repository.js';
import type { Job, Share } from './round.js';

/** What came of a subscription's share of a round. */
export class ShareOutcome {
  readonly done = new Set<number>();
  readonly parked: Parked[] = [];
  readonly attempts: Attempt[] = [];
  readonly resent: Parked[] = [];
  readonly refusedAgain: { id: string; status: number | null }[] = [];
  delivered = 0;

  constructor(readonly share: Share) {
    for (const event of share.behind) this.park({ served: share.served, event }, 'behind', null);
  }

  /** Whether there is anything to store but the place in the log. */
  get eventful(): boolean {
    return this.attempts.length + this.parked.length + this.resent.length + this.share.lost.length > 0;
  }

  /** Whether everything up to its end is done with and nothing but the place in the log and the attempts has changed. */
  get plain(): boolean {
    const { parked, resent, refusedAgain, share, done } = this;
    return (
      parked.length + resent.length + refusedAgain.length + share.lost.length === 0 &&
      share.jobs.every(({ event }) => done.has(event.position))
    );
  }

  skip({ event }: Job): void {
    this.done.add(event.position);
  }

  take(job: Job): void {
    this.delivered += 1;
    if (job.parked) this.resent.push(job.parked);
    else this.done.add(job.event.position);
  }

  /** The event was refused: it is parked with those of its record that come behind it. */
  refuse(job: Job, later: readonly Job[], status: number | null): void {
    if (job.parked) this.refusedAgain.push({ id: job.parked.id, status });
    else this.park(job, 'refused', status);
    for (const next of later) this.park(next, 'behind', null);
  }

  attempt(job: Job, answer: Answer, at: Date, probing: boolean): Verdict {
    const verdict = verdictOf(answer);
    const { served, event, parked } = job;
    this.attempts.push({
      id: newId(at.getTime()),
      partnerId: served.partnerId,
      subscriptionId: served.id,
      eventId: event.eventId,
      type: event.type,
      kind: probing ? 'probe' : parked ? 'resend' : 'event',
      at,
      tookMs: answer.tookMs,
      ok: verdict === 'taken',
      status: answer.status,
      error: answer.error,
      answer: verdict === 'taken' ? null : answer.answer,
    });
    return verdict;
  }

  private park({ served, event }: Job, state: 'refused' | 'behind', status: number | null): void {
    this.done.add(event.position);
    this.parked.push({
      id: newId(),
      subscriptionId: served.id,
      position: event.position,
      eventId: event.eventId,
      aggregateId: event.aggregateId,
      type: event.type,
      state,
      status,
      attempts: state === 'refused' ? 1 : 0,
      parkedAt: new Date(),
    });
  }
}

/** Why the endpoint as a whole failed. */
export type EndpointFault = Readonly<{ verdict: Verdict; error: string; retryAfterMs: number | null }>;

export const faultOf = (verdict: Verdict, { status, error, retryAfterMs }: Answer): EndpointFault => ({
  verdict,
  error: status === null ? (error ?? 'failed') : `status-${status}`,
  retryAfterMs,
});
