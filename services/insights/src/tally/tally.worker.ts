import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Directory } from '@steward/directory';
import type { Clock } from '@steward/kernel';
import { CLOCK, GROUP_SCOPE, LOGGER, Scheduler, WorkerDatabase, type Logger } from '@steward/platform';
import { zonesAsked } from '../figure/branch-zone.js';
import { GenerationService } from '../rebuild/generation.service.js';
import { TallyRepository, type Wanted } from './tally.repository.js';

const NAME = 'tally-tickets';
const EVERY_MS = 5_000;
/** Other schedulers of the service wait for their turn. */
const TURN_MS = 2_000;
const SOON_MS = 200;
const AT_ONCE = 500;
/** Summing anew what changed takes at most a tenth of the time: where tickets end all the time, months change all the time. */
const REST = 9;
/** A month that cannot be summed is left alone for so long; until then it is counted live. */
const AGAIN_MS = 60_000;

/** Makes the tallies of the build that serves, a month of a branch in one transaction, in one copy of the service. */
@Injectable()
export class TallyWorker implements OnApplicationBootstrap {
  private ring: () => void = () => undefined;
  private restsUntil = 0;
  private readonly notBefore = new Map<string, number>();

  constructor(
    private readonly scheduler: Scheduler,
    private readonly database: WorkerDatabase,
    private readonly repository: TallyRepository,
    private readonly directory: Directory,
    private readonly generations: GenerationService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.ring = this.scheduler.start({ name: NAME, everyMs: EVERY_MS, run: (signal) => this.turn(signal) });
  }

  private async turn(signal: AbortSignal): Promise<void> {
    const began = performance.now();
    const generation = await this.generations.active();
    const branches = zonesAsked(await this.directory.branches(), {});
    const now = this.clock.now();
    const wanted = await this.database.read(GROUP_SCOPE, (tx) =>
      this.repository.wanted(tx, generation, branches, { now, limit: AT_ONCE }),
    );
    const rests = began < this.restsUntil;
    for (const one of wanted) {
      if (signal.aborted || (one.anew && rests)) return;
      if (performance.now() - began > TURN_MS) {
        setTimeout(() => this.ring(), SOON_MS).unref();
        return;
      }
      await this.make(generation, one);
    }
  }

  private async make(generation: number, wanted: Wanted): Promise<void> {
    const { branchId, month, anew } = wanted;
    const key = `${generation} ${branchId} ${month}`;
    const began = performance.now();
    if ((this.notBefore.get(key) ?? 0) > began) return;
    try {
      await this.database.transaction(GROUP_SCOPE, (tx) => this.repository.make(tx, generation, wanted));
      this.notBefore.delete(key);
    } catch (error) {
      this.notBefore.set(key, performance.now() + AGAIN_MS);
      this.log.warn({ err: error, generation, branchId, month }, 'a month could not be tallied');
    }
    const ended = performance.now();
    if (anew) this.restsUntil = Math.max(this.restsUntil, ended) + REST * (ended - began);
  }
}
