import { unavailable } from '@steward/kernel';
import type { Kafka } from '../kafka/kafka.js';
import { laterOf, reached, type Positions } from '../kafka/positions.js';
import type { ConsumerHost } from './consumer-host.js';
import type { ConsumerRuntime } from './consumer-runtime.js';

/**
 * Rebuilds a read model under a new generation of its consumer, beside the one that serves. The service starts
 * generation n+1, waits until it has caught up, lets both meet, compares, lets them go on, switches, and stops the old one.
 * Handlers tell by `generationOf(tx)` which tables are theirs.
 */
export class Rebuild {
  constructor(
    private readonly host: ConsumerHost,
    private readonly kafka: Kafka,
  ) {}

  /** Starts a generation from the beginning of its topics, or where it stood. */
  startGeneration(name: string, generation: number): void {
    this.host.start(name, generation);
  }

  /** Stops a generation. `forget` also deletes its guards, parked events, waiting facts and positions. */
  async stopGeneration(name: string, generation: number | undefined, { forget = false } = {}): Promise<void> {
    await this.host.stop(name, generation);
    if (forget && generation !== undefined) await this.host.forget(name, generation);
  }

  /** The next offsets that a generation will apply. */
  async positions(name: string, generation?: number): Promise<Positions> {
    return this.host.get(name, generation).positions();
  }

  /** Where the topics end now. */
  async endPositions(topics: readonly string[]): Promise<Positions> {
    return this.kafka.topics.endPositions(topics);
  }

  /** Whether a generation has applied everything before these positions. */
  async caughtUp(name: string, generation: number | undefined, at: Positions): Promise<boolean> {
    return reached(await this.positions(name, generation), at);
  }

  /**
   * Brings generations to the same positions, the farthest that one of them has reached, and keeps them there: now they
   * can be compared. Their events wait until `goOn`. Throws `rebuild.not-met` when one does not come within `withinMs`.
   */
  async meet(
    name: string,
    generations: readonly (number | undefined)[],
    withinMs?: number,
  ): Promise<Positions> {
    return meet(
      generations.map((generation) => this.host.get(name, generation)),
      withinMs,
    );
  }

  /** Lets generations go on after they met. */
  goOn(name: string, generations: readonly (number | undefined)[]): void {
    for (const generation of generations) this.host.get(name, generation).limit(undefined);
  }
}

const LOOK_MS = 50;

/** See `Rebuild.meet`. On a failure all of them go on. */
export async function meet(members: readonly ConsumerRuntime[], withinMs = 15_000): Promise<Positions> {
  try {
    const held = await Promise.all(members.map((member) => member.hold()));
    const farthest = held.reduce(laterOf, {});
    for (const member of members) member.limit(farthest);
    for (const deadline = Date.now() + withinMs; ;) {
      const positions = await Promise.all(members.map((member) => member.positions()));
      if (positions.every((at) => reached(at, farthest))) return farthest;
      if (Date.now() > deadline)
        throw unavailable('rebuild.not-met', 'The generations did not reach the same positions in time.');
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  } catch (error) {
    for (const member of members) member.limit(undefined);
    throw error;
  }
}
