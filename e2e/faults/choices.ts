/** Random choices that the same seed makes again. */
export class Choices {
  private state: number;

  constructor(private readonly seed: string) {
    // FNV-1a: any text is a seed
    let hash = 0x811c9dc5;
    for (const letter of seed) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193);
    this.state = hash >>> 0;
  }

  /** Choices of their own for one part, so that the order in which parts ask does not matter. */
  of(part: string): Choices {
    return new Choices(`${this.seed}/${part}`);
  }

  /** A whole number from 0 up to, not including, `limit` (mulberry32). */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  shuffled<T>(list: readonly T[]): T[] {
    const left = [...list];
    return list.map(() => left.splice(this.below(left.length), 1)[0]!);
  }
}

/** Gives each item once before any comes again, in a new order each time. */
export class ShuffleBag<T> {
  private left: T[] = [];

  constructor(
    private readonly items: readonly T[],
    private readonly choices: Choices,
  ) {}

  next(): T {
    if (this.left.length === 0) this.left = this.choices.shuffled(this.items);
    return this.left.pop()!;
  }
}
