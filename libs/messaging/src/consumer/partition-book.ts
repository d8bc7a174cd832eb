import type { NextOffset } from '../kafka/group-consumer.js';
import { type Positions } from '../kafka/positions.js';

/** What a member knows of one of its partitions. */
export type PartitionState = {
  readonly topic: string;
  readonly partition: number;
  /** Next offset to apply; undefined before the first message. */
  next?: number;
  committed?: number;
  /** Next offset that will be written to the partition, as last seen. */
  end: number;
  /** When it last moved on or had nothing to do (milliseconds since 1970). */
  movedAt: number;
  /** Attempts at the present chunk that failed for now. */
  failures: number;
  lastError: string;
  /** Nothing at or after this offset is applied. */
  limit?: number;
  /** Ends a pause. */
  resume?: () => void;
};

/** The partitions that a member holds: where they stand, and why one does not move. */
export class PartitionBook {
  private readonly states = new Map<string, PartitionState>();
  private limits: Positions | undefined;

  /** The state of a partition, new when the member has just got it. */
  at(topic: string, partition: number): PartitionState {
    const name = `${topic}/${partition}`;
    let state = this.states.get(name);
    if (!state) {
      state = { topic, partition, end: 0, movedAt: Date.now(), failures: 0, lastError: '' };
      state.limit = this.limits?.[topic]?.[partition];
      this.states.set(name, state);
    }
    return state;
  }

  /** Forgets partitions that went to another member, and what was known of those that came. */
  assign(assignment: Readonly<Record<string, readonly number[]>>): void {
    const held = new Set(
      Object.entries(assignment).flatMap(([topic, list]) => list.map((p) => `${topic}/${p}`)),
    );
    for (const [name, state] of this.states) {
      if (held.has(name)) continue;
      state.resume = undefined;
      this.states.delete(name);
    }
    for (const [topic, list] of Object.entries(assignment))
      for (const partition of list) this.at(topic, partition);
  }

  all(): readonly PartitionState[] {
    return [...this.states.values()];
  }

  /** Positions that were applied and are not committed yet. */
  uncommitted(): NextOffset[] {
    return this.all()
      .filter(({ next, committed }) => next !== undefined && next !== committed)
      .map(({ topic, partition, next }) => ({ topic, partition, offset: String(next) }));
  }

  keepCommitted(offsets: readonly NextOffset[]): void {
    for (const { topic, partition, offset } of offsets) {
      const state = this.states.get(`${topic}/${partition}`);
      if (state) state.committed = Number(offset);
    }
  }

  positions(): Positions {
    const result: Record<string, number[]> = {};
    for (const { topic, partition, next } of this.all()) {
      const list = (result[topic] ??= []);
      while (list.length <= partition) list.push(0);
      list[partition] = next ?? 0;
    }
    return result;
  }

  /** Sets or lifts the offsets that must not be passed. */
  limit(limits: Positions | undefined): void {
    this.limits = limits;
    for (const state of this.all()) {
      state.limit = limits?.[state.topic]?.[state.partition];
      release(state);
    }
  }

  /** Ends every pause: whoever has a reason to pause again does so with the next batch. */
  releaseAll(): void {
    for (const state of this.all()) release(state);
  }

  /** Whether a partition has not given a message yet, so that nobody knows where it stands. */
  unplaced(): boolean {
    return this.all().some(({ next }) => next === undefined);
  }

  /** Places such partitions where the group has committed. */
  seed(committed: Positions): void {
    for (const state of this.all()) {
      if (state.next !== undefined) continue;
      state.next = committed[state.topic]?.[state.partition] ?? 0;
      state.committed = state.next;
    }
  }

  /** Keeps how far the topics go, and since when each partition has had nothing to do. */
  keepEnds(ends: Positions, now: number): void {
    for (const state of this.all()) {
      state.end = ends[state.topic]?.[state.partition] ?? state.end;
      if (lagOf(state) === 0) state.movedAt = now;
    }
  }

  /** Partitions that have had something to do for longer than `stallMs` without moving on. */
  stalled(now: number, stallMs: number): readonly PartitionState[] {
    return this.all().filter((state) => lagOf(state) > 0 && now - state.movedAt > stallMs);
  }

  lag(): number {
    return this.all().reduce((sum, state) => sum + lagOf(state), 0);
  }
}

/** What is still to be applied, as far as it may be. */
export function lagOf({ end, next, limit }: PartitionState): number {
  return Math.max(0, Math.min(end, limit ?? end) - (next ?? 0));
}

export function release(state: PartitionState): void {
  const resume = state.resume;
  state.resume = undefined;
  resume?.();
}
