import { Inject, Injectable } from '@nestjs/common';
import { isDomainError } from '@steward/kernel';
import { Rebuild } from '@steward/messaging';
import { LOGGER, type Logger } from '@steward/platform';
import { GenerationRepository, type Comparison, type Generation } from './generation.repository.js';

/** Reads tickets and billing. Its name is older than the latter, and stays: guards and positions are kept under it. */
export const CONSUMER = 'insights-tickets';
/** The histories that the facts come from. */
const HISTORY = ['tickets.v1', 'billing.v1'] as const;

/**
 * Makes a build of the read model: a new generation of the consumer reads everything from the beginning; when it has
 * caught up, both generations are held at the same positions and compared row by row; only an equal one takes over,
 * unless an upgrade asked for it because the old one lacks what is counted now.
 */
@Injectable()
export class GenerationBuild {
  private readonly running = new Set<number>();

  constructor(
    private readonly repository: GenerationRepository,
    private readonly rebuild: Rebuild,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Starts the generations that are wanted in this copy and stops the others. */
  async runWanted({ active, building }: Generation): Promise<void> {
    const wanted = new Set(building === null ? [active] : [active, building]);
    for (const generation of wanted) {
      if (this.running.has(generation)) continue;
      this.rebuild.startGeneration(CONSUMER, generation);
      this.running.add(generation);
    }
    for (const generation of this.running) {
      if (wanted.has(generation)) continue;
      await this.rebuild.stopGeneration(CONSUMER, generation);
      this.running.delete(generation);
    }
  }

  /** One turn, in one copy at a time: compares and switches when the new build has caught up, clears away the old one. */
  async advance(now: Date): Promise<void> {
    const { active, building, retired, stillRead, takesOver } = await this.repository.get();
    if (retired !== null && !stillRead && !this.running.has(retired)) await this.clear(retired);
    // One build is retired at a time; the next comparison waits until it is cleared away.
    if (retired !== null || building === null || !this.running.has(building)) return;
    const end = await this.rebuild.endPositions(HISTORY);
    if (!(await this.rebuild.caughtUp(CONSUMER, building, end))) return;
    const comparison = await this.compare(active, building, now);
    if (!comparison) return;
    this.log.info({ active, building, ...comparison }, 'two builds of the figures were compared');
    if (comparison.equal || takesOver) await this.repository.switchTo(building, active, comparison);
    else await this.repository.giveUp(building, comparison);
  }

  /** Undefined when the builds did not come to the same place in time: then the next turn tries again. */
  private async compare(active: number, building: number, now: Date): Promise<Comparison | undefined> {
    if (!(await this.meet([active, building]))) return undefined;
    try {
      const { facts, differing } = await this.repository.compare(active, building);
      return { at: now.toISOString(), facts, differing, equal: differing === 0 };
    } finally {
      this.rebuild.goOn(CONSUMER, [active, building]);
    }
  }

  private async meet(generations: readonly number[]): Promise<boolean> {
    try {
      await this.rebuild.meet(CONSUMER, generations);
      return true;
    } catch (error) {
      if (isDomainError(error) && error.code === 'rebuild.not-met') return false;
      throw error;
    }
  }

  private async clear(generation: number): Promise<void> {
    await this.rebuild.stopGeneration(CONSUMER, generation, { forget: true });
    await this.repository.drop(generation);
    this.log.info({ generation }, 'an old build of the figures was cleared away');
  }
}
