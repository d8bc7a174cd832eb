import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@steward/kernel';
import { CLOCK, GROUP_SCOPE, PLATFORM_CONFIG, WorkerDatabase } from '@steward/platform';
import type { PartnersConfig } from '../config.js';
import { GrantBook } from '../grant/grant-book.js';
import { reduced } from '../log/partner-event.js';
import { permitted } from '../log/reduce.rules.js';
import { chainsOf } from './delivery.rules.js';
import { DeliveryPort } from './delivery-port.js';
import { EndpointRepository, type Served } from './endpoint.repository.js';
import { faultOf, ShareOutcome, type EndpointFault } from './outcome.js';
import type { Job, Round } from './round.js';

/** Milliseconds for which a look at the subscriptions counts: the most that a pause by another copy stays unseen. */
const FRESH_MS = 250;

export type RoundOutcome = Readonly<{
  outcomes: readonly ShareOutcome[];
  fault: EndpointFault | null;
  sent: number;
}>;

/** Sends the jobs of a round: records side by side, the events of one record one after another (PTR-03). */
@Injectable()
export class RoundSender {
  constructor(
    private readonly database: WorkerDatabase,
    private readonly endpoints: EndpointRepository,
    private readonly grants: GrantBook,
    private readonly port: DeliveryPort,
    @Inject(PLATFORM_CONFIG) private readonly config: Pick<PartnersConfig, 'delivery'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async send(round: Round, signal: AbortSignal): Promise<RoundOutcome> {
    const run = new Run(round, signal, this.config.delivery.timeoutMs);
    const probing = round.endpoint.state === 'suspended';
    const chains = run.outcomes.flatMap((outcome) => [
      ...outcome.share.resends.map((job) => ({ outcome, jobs: [job] })),
      ...chainsOf(outcome.share.jobs.map((job) => ({ ...job, aggregateId: job.event.aggregateId }))).map(
        (jobs) => ({ outcome, jobs }),
      ),
    ]);
    if (probing) await this.probe(run, chains);
    else await this.all(run, chains);
    return { outcomes: run.outcomes, fault: run.fault, sent: run.sent };
  }

  private async all(run: Run, chains: readonly Chain[]): Promise<void> {
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < chains.length && run.goesOn) await this.chain(run, chains[next++]!);
    };
    // a topic takes what comes together in one batch, a partner's server only so much
    const most = run.round.endpoint.kind === 'topic' ? chains.length : this.config.delivery.concurrency;
    const workers = Math.min(most, chains.length);
    await Promise.all(Array.from({ length: workers }, worker));
  }

  /** One event tells whether the endpoint is back. */
  private async probe(run: Run, chains: readonly Chain[]): Promise<void> {
    const [first] = chains.toSorted((a, b) => a.jobs[0]!.event.position - b.jobs[0]!.event.position);
    if (first) await this.chain(run, { ...first, only: 1 });
  }

  private async chain(run: Run, { outcome, jobs, only = jobs.length }: Chain): Promise<void> {
    for (const [index, job] of jobs.slice(0, only).entries()) {
      if (!run.goesOn || !(await this.isCurrent(run, job.served))) return;
      const kept = permitted(await this.grants.of(job.served.client), job.event);
      if (kept === null) {
        // the grant went while the event was on its way
        if (job.parked) outcome.resent.push(job.parked);
        else outcome.skip(job);
        continue;
      }
      const at = this.clock.now();
      const event = reduced(job.event, job.served.partnerId, kept);
      run.sent += 1;
      const answer = await this.port.deliver(run.round.endpoint, job, event, outcome.share.keys, at);
      const verdict = outcome.attempt(job, answer, at, run.probing);
      if (verdict === 'taken') outcome.take(job);
      else if (verdict === 'refused')
        return outcome.refuse(job, job.parked ? [] : jobs.slice(index + 1), answer.status);
      else return run.fail(faultOf(verdict, answer));
    }
  }

  /** Whether the subscription is as it was read: active, and not changed or rewound meanwhile. */
  private async isCurrent(run: Run, { id, version }: Served): Promise<boolean> {
    if (performance.now() > run.lookedAt + FRESH_MS) {
      run.lookedAt = performance.now();
      const ids = run.outcomes.map(({ share }) => share.served.id);
      run.versions = this.database.read(GROUP_SCOPE, (tx) => this.endpoints.versions(tx, ids));
    }
    return run.versions === undefined || (await run.versions).get(id) === version;
  }
}

type Chain = Readonly<{ outcome: ShareOutcome; jobs: readonly Job[]; only?: number }>;

/** The state of a round under way. */
class Run {
  readonly outcomes: readonly ShareOutcome[];
  fault: EndpointFault | null = null;
  sent = 0;
  lookedAt = performance.now();
  versions?: Promise<Map<string, number>>;

  constructor(
    readonly round: Round,
    private readonly signal: AbortSignal,
    private readonly timeoutMs: number,
  ) {
    this.outcomes = round.shares.map((share) => new ShareOutcome(share));
  }

  get probing(): boolean {
    return this.round.endpoint.state === 'suspended';
  }

  /** Nothing is sent whose answer could come after the lease: by then another copy may be sending. */
  get goesOn(): boolean {
    const inTime = performance.now() + this.timeoutMs < this.round.heldUntil;
    return this.fault === null && inTime && !this.signal.aborted;
  }

  fail(fault: EndpointFault): void {
    this.fault ??= fault;
  }
}
