/** Why there is no place: none is left, or the caller has its share of what is left. */
export type NoPlace = 'full' | 'share';

/**
 * Places for requests that run at once. A caller gets one more as long as it holds fewer than are still free, so that
 * one alone takes at most half of them, several soon equal parts, and whoever comes next finds some.
 */
export class Places {
  private taken = 0;
  private readonly byCaller = new Map<string, number>();

  constructor(readonly size: number) {}

  get running(): number {
    return this.taken;
  }

  /** Takes a place, to be given back by `leave` with the same caller; or says why there is none. */
  enter(caller: string): NoPlace | null {
    const free = this.size - this.taken;
    if (free <= 0) return 'full';
    const own = this.byCaller.get(caller) ?? 0;
    if (own >= free) return 'share';
    this.taken += 1;
    this.byCaller.set(caller, own + 1);
    return null;
  }

  leave(caller: string): void {
    this.taken -= 1;
    const own = this.byCaller.get(caller)! - 1;
    if (own > 0) this.byCaller.set(caller, own);
    else this.byCaller.delete(caller);
  }
}
