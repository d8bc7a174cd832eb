import { setTimeout as pause } from 'node:timers/promises';

/** An engine or a service in a process of its own. */
export type RoleProcess = Readonly<{ pid(): number; ended: Promise<number | null>; stop(): Promise<void> }>;

/** A process that ended; `asked` when the crash test made it end. */
export type Exit = Readonly<{ role: string; code: number | null; asked: boolean; at: Date }>;

const LONGEST_WAIT_MS = 2000;
const MOST_FAILURES = 30;

/** Keeps one role running, as a container platform does: whatever ends is started again, the sooner the longer it ran. */
export class Supervised {
  private process!: RoleProcess;
  /** the present fault may make it end again and again */
  mayEnd = false;
  private asked = false;
  private standing = false;
  private stopping = false;
  private keeping: Promise<void> = Promise.resolve();
  private mayReturn: Promise<unknown> = Promise.resolve();

  constructor(
    readonly role: string,
    private readonly launch: () => Promise<RoleProcess>,
    private readonly onExit: (exit: Exit) => void,
  ) {}

  async start(): Promise<void> {
    this.process = await this.launch();
    this.keeping = this.keep();
  }

  /** Sends the signal and resolves when the process is gone. */
  async strike(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT'): Promise<void> {
    const victim = this.process;
    this.asked = true;
    process.kill(victim.pid(), signal);
    await victim.ended;
  }

  /** Makes the process stand still as if it were not given the processor any more; whoever speaks to it gets no answer. */
  standStill(): void {
    process.kill(this.process.pid(), 'SIGSTOP');
    this.standing = true;
  }

  /** Lets it go on where it stood. */
  goOn(): void {
    if (!this.standing) return;
    this.standing = false;
    process.kill(this.process.pid(), 'SIGCONT');
  }

  /** Kills the process; another one is started when `back` has come. */
  async takeAway(back: Promise<unknown>): Promise<void> {
    this.mayReturn = back;
    await this.strike('SIGKILL');
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.goOn();
    await this.process?.stop();
    await this.keeping;
    // one that was just being started again
    await this.process?.stop();
  }

  private async keep(): Promise<void> {
    let failures = 0;
    while (!this.stopping) {
      const startedAt = performance.now();
      const code = await this.process.ended;
      if (this.stopping) return;
      const asked = this.asked || this.mayEnd;
      this.asked = false;
      this.onExit({ role: this.role, code, asked, at: new Date() });
      // lets go of what its guard holds
      await this.process.stop();
      failures = asked || performance.now() - startedAt > 10_000 ? 0 : failures + 1;
      await this.mayReturn;
      await pause(failures === 0 ? 0 : Math.min(LONGEST_WAIT_MS, 100 * 2 ** failures));
      await this.again();
    }
  }

  private async again(): Promise<void> {
    for (let failures = 1; !this.stopping; failures += 1) {
      try {
        this.process = await this.launch();
        return;
      } catch (error) {
        if (failures >= MOST_FAILURES && !this.mayEnd) throw error;
        await pause(LONGEST_WAIT_MS);
      }
    }
  }
}
