import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** One run that was finished and checked. */
export type Round = Readonly<{
  seed: string;
  at: string;
  kills: number;
  /** faults that kill nothing */
  others: number;
  commands: number;
  violations: number;
}>;

/** Kills gathered over many runs, in a file that survives whatever stops them; a run that was cut short does not count. */
export class Tally {
  private constructor(
    private readonly file: string,
    private readonly rounds: Round[],
  ) {}

  static async open(file: string): Promise<Tally> {
    try {
      return new Tally(file, (JSON.parse(await readFile(file, 'utf8')) as { rounds: Round[] }).rounds);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return new Tally(file, []);
    }
  }

  /** Kills after which everything was whole. */
  get kills(): number {
    return this.rounds
      .filter(({ violations }) => violations === 0)
      .reduce((sum, { kills }) => sum + kills, 0);
  }

  get finished(): number {
    return this.rounds.length;
  }

  /** Resolves when the file holds the round. */
  async add(round: Round): Promise<void> {
    this.rounds.push(round);
    await mkdir(dirname(this.file), { recursive: true });
    const fresh = `${this.file}.new`;
    await writeFile(fresh, `${JSON.stringify({ rounds: this.rounds }, null, 2)}\n`, { flush: true });
    await rename(fresh, this.file);
  }
}
