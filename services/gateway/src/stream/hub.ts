import { newId } from '@steward/kernel';
import { Frames, type ResetReason } from './frames.js';
import { changesScopes, type ObservedEvent } from './reference.js';
import type { Subscriber } from './subscriber.js';
import { Window } from './window.js';

export type HubOptions = Readonly<{
  /** Events kept for catching up. */
  windowSize: number;
  /** Milliseconds over which events are gathered into one write. */
  flushMs: number;
}>;

/**
 * Hands the events that pass by to the open streams. Every stream reads the same window at its own pace; one that
 * falls out of it is told to read anew, so a slow client costs a bounded amount of memory.
 */
export class Hub {
  private frames = new Frames(newId());
  private window: Window;
  private readonly members = new Set<Subscriber>();
  private flushing: NodeJS.Timeout | null = null;

  constructor(private readonly options: HubOptions) {
    this.window = new Window(options.windowSize);
  }

  get size(): number {
    return this.members.size;
  }

  /** Where a stream that opens now begins. */
  get position(): number {
    return this.window.next;
  }

  subscribers(): readonly Subscriber[] {
    return [...this.members];
  }

  /** Takes an event; streams whose caller's rights it changes ask again before they tell more. */
  publish(observed: ObservedEvent): void {
    const { reference, grantee } = observed;
    this.window.add(reference, (position) => this.frames.reference(reference, position));
    if (changesScopes(reference.type)) {
      for (const member of this.members) member.rightsChanged(grantee ?? null);
    }
    this.flushing ??= setTimeout(() => this.flush(), this.options.flushMs);
  }

  /** Events may have been missed: everybody is told to read anew, and a new window begins. */
  interrupted(): void {
    this.frames = new Frames(newId());
    this.window = new Window(this.options.windowSize);
    for (const member of this.members) member.restart(this.frames, this.window, 'interrupted');
  }

  /**
   * Adds a stream. `from` is where it begins unless `lastEventId` tells better; an id that the window does not hold
   * starts it with a reset.
   */
  join(member: Subscriber, from: number, lastEventId: string | undefined): void {
    this.members.add(member);
    const known = lastEventId === undefined ? from : this.frames.positionAfter(lastEventId);
    const reset: ResetReason | null =
      known === null || known > this.window.next
        ? 'unknown-position'
        : known < this.window.oldest
          ? 'window-exceeded'
          : null;
    member.begin(this.frames, this.window, reset === null ? known! : Math.min(from, this.window.next), reset);
  }

  leave(member: Subscriber): void {
    this.members.delete(member);
  }

  /** Ends every stream; clients come again and find another copy, or this one after its restart. */
  close(): void {
    if (this.flushing) clearTimeout(this.flushing);
    for (const member of this.members) member.close();
    this.members.clear();
  }

  private flush(): void {
    this.flushing = null;
    for (const member of this.members) member.pump();
  }
}
