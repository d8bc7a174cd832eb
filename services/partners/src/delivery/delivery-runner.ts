import { randomUUID } from 'node:crypto';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { GROUP_SCOPE, Health, LOGGER, PLATFORM_CONFIG, WorkerDatabase, type Logger } from '@steward/platform';
import type { PartnersConfig } from '../config.js';
import { LogBell } from '../log/log-bell.js';
import { EndpointRepository, type Endpoint } from './endpoint.repository.js';
import { ShareOutcome } from './outcome.js';
import { Rounds, type Holding, type Passed, type Round } from './round.js';
import { RoundKeeper } from './round-keeper.js';
import { RoundSender, type RoundOutcome } from './round-sender.js';

/** Endpoints that one copy serves at once; what is more waits for a place or another copy. */
const PLACES = 200;
/** Milliseconds until somebody looks for work who heard nothing. */
const LOOK_MS = 500;
/** Milliseconds that an endpoint is kept with nothing to send, for the next event. */
const LINGER_MS = 1500;
/** Milliseconds between two looks that find nothing, so that a busy log does not keep idle endpoints busy. */
const REST_MS = 10;
/** Milliseconds between two looks for endpoints that nobody serves: a stream of events rings all the time. */
const LOOK_REST_MS = 50;
const STALL_MS = 30_000;

/** Waits for the bell, at most so long; rings in between are not missed. */
class Ear {
  private rung = false;
  private wake = (): void => undefined;

  readonly hear = (): void => {
    this.rung = true;
    this.wake();
  };

  /** True when the bell rang. */
  async wait(ms: number): Promise<boolean> {
    if (!this.rung)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    const rang = this.rung;
    this.rung = false;
    return rang;
  }
}

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What a runner works with. */
@Injectable()
export class RunnerParts {
  constructor(
    readonly endpoints: EndpointRepository,
    readonly rounds: Rounds,
    readonly sender: RoundSender,
    readonly keeper: RoundKeeper,
  ) {}
}

/**
 * Serves endpoints: each by one copy at a time under a lease, each on its own, so that a slow or dead one delays nobody
 * else. A copy that dies leaves its leases to run out; where it had come stands in the cursors.
 */
@Injectable()
export class DeliveryRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly owner = randomUUID();
  private readonly stop = new AbortController();
  private readonly serving = new Map<string, Promise<void>>();
  private readonly ear = new Ear();
  private looking: Promise<void> = Promise.resolve();
  private lookedAt = performance.now();

  constructor(
    private readonly parts: RunnerParts,
    private readonly database: WorkerDatabase,
    private readonly bell: LogBell,
    private readonly health: Health,
    @Inject(PLATFORM_CONFIG) private readonly config: Pick<PartnersConfig, 'delivery'>,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.bell.listen(this.ear.hear);
    this.health.register('deliveries', () => ({
      ok: performance.now() - this.lookedAt < STALL_MS,
      detail: `${this.serving.size} endpoints are being served`,
    }));
    this.looking = this.look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    this.ear.hear();
    await this.looking;
    await Promise.all(this.serving.values());
  }

  private async look(): Promise<void> {
    while (!this.stop.signal.aborted) {
      try {
        const found = await this.claim();
        this.lookedAt = performance.now();
        for (const endpoint of found) this.serve(endpoint);
      } catch (error) {
        this.log.warn({ reason: String(error) }, 'deliveries are looked for again in a moment');
      }
      await rest(LOOK_REST_MS);
      await this.ear.wait(LOOK_MS);
    }
  }

  private async claim(): Promise<Endpoint[]> {
    const free = PLACES - this.serving.size;
    if (free <= 0) return [];
    const { leaseMs } = this.config.delivery;
    return this.database.transaction(GROUP_SCOPE, (tx) =>
      this.parts.endpoints.claim(tx, this.owner, leaseMs, free),
    );
  }

  private serve(endpoint: Endpoint): void {
    const ear = new Ear();
    const deaf = this.bell.listen(ear.hear);
    const key = `${endpoint.id}/${endpoint.number}`;
    const abort = (): void => ear.hear();
    this.stop.signal.addEventListener('abort', abort);
    const done = this.rounds(endpoint, ear)
      .catch((error: unknown) =>
        this.log.warn(
          { endpoint: endpoint.id, reason: String(error) },
          'a delivery broke off; its lease runs out',
        ),
      )
      .finally(() => {
        deaf();
        this.stop.signal.removeEventListener('abort', abort);
        this.serving.delete(key);
      });
    this.serving.set(key, done);
  }

  /** Round after round, until there is nothing to do for a while, or the endpoint is another copy's or suspended. */
  private async rounds(lease: Endpoint, ear: Ear): Promise<void> {
    const { rounds, sender, keeper } = this.parts;
    const passed: Passed = new Map();
    const { leaseMs } = this.config.delivery;
    const holding: Holding = { lease, until: 0 };
    let kept = Promise.resolve(true);
    for (let idleSince = performance.now(); ;) {
      const round = await rounds.next(holding, leaseMs, passed);
      if (!(await kept) || !round) return;
      const outcome = await sender.send(round, this.stop.signal);
      kept = keeper.keep(round.endpoint, outcome, passed);
      // what went smoothly is stored while the next round is read, whose beginning is known
      if (goneThrough(round, outcome)) {
        kept.catch(() => undefined);
        for (const { served, upTo } of round.shares)
          passed.set(served.id, { rewinds: served.rewinds, position: upTo });
      } else if (!(await kept)) return;
      if (outcome.sent > 0 || isBehind(round)) idleSince = performance.now();
      const left = idleSince + LINGER_MS - performance.now();
      if (this.stop.signal.aborted || left <= 0) return (await kept) ? this.letGo(lease, round) : undefined;
      if (outcome.sent > 0 || isBehind(round)) continue;
      await rest(REST_MS);
      await ear.wait(left);
    }
  }

  private letGo(lease: Endpoint, round: Round): Promise<void> {
    const idle = round.shares.filter(
      ({ jobs, resends, behind }) => jobs.length + resends.length + behind.length === 0,
    );
    return this.parts.keeper.letGo(
      lease,
      idle.map((share) => new ShareOutcome(share)),
    );
  }
}

const goneThrough = ({ endpoint }: Round, { fault, outcomes }: RoundOutcome): boolean =>
  endpoint.state === 'open' && fault === null && outcomes.every(({ plain }) => plain);

/** Whether more of the log is left than the round looked over, or what it had to do was cut short. */
const isBehind = ({ shares }: Round): boolean =>
  shares.some(({ more, jobs, behind, resends }) => more || jobs.length + behind.length + resends.length > 0);
