import { Inject, Injectable } from '@nestjs/common';
import { laterOf, Rebuild, type Positions } from '@steward/messaging';
import { LOGGER, type Logger } from '@steward/platform';
import { GenerationRepository, type Comparison, type Generation } from './generation.repository.js';

export const CONSUMER = 'insights-tickets';
export const TOPIC = 'tickets.v1';

/** Looks that both builds get to come to the same place before a comparison is put off to the next turn. */
const LOOKS = 50;
const LOOK_MS = 100;

/**
 * Makes a build of the read model: a new generation of the consumer reads everything from the beginning; when it has
 * caught up, both generations are held at the same positions and compared row by row; only an equal one takes over.
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
    const { active, building, retired } = await this.repository.get();
    if (retired !== null && !this.running.has(retired)) await this.clear(retired);
    if (building === null || !this.running.has(building)) return;
    const end = await this.rebuild.endPositions([TOPIC]);
    if (!(await this.rebuild.caughtUp(CONSUMER, building, end))) return;
    const comparison = await this.compare(active, building, now);
    if (!comparison) return;
    this.log.info({ active, building, ...comparison }, 'two builds of the figures were compared');
    if (comparison.equal) await this.repository.switchTo(building, active, comparison, now);
    else await this.repository.giveUp(building, comparison);
  }

  private async compare(active: number, building: number, now: Date): Promise<Comparison | undefined> {
    try {
      const [old, fresh] = [await this.rebuild.hold(CONSUMER, active), await this.rebuild.hold(CONSUMER, building)];
      const meeting = laterOf(old, fresh);
      for (const generation of [active, building]) this.rebuild.goUpTo(CONSUMER, generation, meeting);
      if (!(await this.bothReached([active, building], meeting))) return undefined;
      const { facts, differing } = await this.repository.compare(active, building);
      return { at: now.toISOString(), facts, differing, equal: differing === 0 };
    } finally {
      for (const generation of [active, building]) this.rebuild.goOn(CONSUMER, generation);
    }
  }

  private async bothReached(generations: readonly number[], at: Positions): Promise<boolean> {
    for (let look = 0; look < LOOKS; look++) {
      const reached = await Promise.all(generations.map((each) => this.rebuild.caughtUp(CONSUMER, each, at)));
      if (reached.every(Boolean)) return true;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return false;
  }

  private async clear(generation: number): Promise<void> {
    await this.rebuild.stopGeneration(CONSUMER, generation, { forget: true });
    await this.repository.drop(generation);
    this.log.info({ generation }, 'an old build of the figures was cleared away');
  }
}
