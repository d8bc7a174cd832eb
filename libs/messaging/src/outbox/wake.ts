/**
 * Tells the relays that there is something to publish. In-process it is a call; a relay of this process that does not
 * hold the lock passes it on to the copy that does.
 */
export class Wake {
  private readonly sleepers = new Set<() => void>();

  /** Calls `wake` at each ring; gives a function that ends it. */
  register(wake: () => void): () => void {
    this.sleepers.add(wake);
    return () => void this.sleepers.delete(wake);
  }

  /** To be called after the commit that wrote to the outbox. Cheap: rings while a relay works are one. */
  ring(): void {
    for (const wake of this.sleepers) wake();
  }
}
