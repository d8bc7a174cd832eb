import type { EventReference } from './reference.js';

export type WindowEntry = Readonly<{ reference: EventReference; frame: string }>;

/** The newest events in memory, numbered from 0; older ones are overwritten. */
export class Window {
  private readonly entries: WindowEntry[] = [];
  private nextPosition = 0;

  constructor(private readonly capacity: number) {}

  /** The number that the next event gets. */
  get next(): number {
    return this.nextPosition;
  }

  /** The number of the oldest event that is still there; equals `next` when there is none. */
  get oldest(): number {
    return Math.max(0, this.nextPosition - this.entries.length);
  }

  /** Adds an event; `frame` makes its text once, for all readers. */
  add(reference: EventReference, frame: (position: number) => string): void {
    this.entries[this.nextPosition % this.capacity] = { reference, frame: frame(this.nextPosition) };
    this.nextPosition += 1;
  }

  /** The event of this number, or undefined when it is no longer (or not yet) there. */
  at(position: number): WindowEntry | undefined {
    if (position < this.oldest || position >= this.nextPosition) return undefined;
    return this.entries[position % this.capacity];
  }
}
