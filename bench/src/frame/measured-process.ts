import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '@steward/testing';

export type ProcessOptions = Readonly<{
  name: string;
  /** the file that it runs */
  file: string;
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** where its output goes */
  folder: string;
  /** options of Node, such as `--cpu-prof` */
  nodeOptions?: readonly string[];
  /** how long it may take to end before it is killed */
  stopMs?: number;
}>;

const PROBE = fileURLToPath(new URL('./processor-probe.js', import.meta.url));
const READY_MS = 120_000;
const STOP_MS = 10_000;

/** A process of its own whose processor time is known. It ends with us. */
export class MeasuredProcess {
  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
    private readonly log: string,
    private readonly stopMs: number,
  ) {}

  static start(options: ProcessOptions): MeasuredProcess {
    const { name, file, args = [], env = {}, folder, nodeOptions = [], stopMs = STOP_MS } = options;
    const log = join(folder, `${name}.log`);
    const output = openSync(log, 'a');
    const child = fork(file, args, {
      // nothing of the caller's settings may reach what is measured
      env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env },
      execArgv: ['--import', PROBE, '--disable-warning=ExperimentalWarning', ...nodeOptions],
      stdio: ['ignore', output, output, 'ipc'],
    });
    closeSync(output);
    return new MeasuredProcess(name, child, log, stopMs);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Waits until an address answers 2xx. */
  async answers(url: string): Promise<void> {
    await eventually(
      async () => {
        this.checkAlive();
        return (await fetch(url)).ok;
      },
      { timeoutMs: READY_MS, intervalMs: 100 },
    );
  }

  /** Sends a message and waits for the answer's field. */
  ask<T>(message: object | string, field: string): Promise<T> {
    const answer = this.next<T>(field);
    this.child.send(message);
    return answer;
  }

  /** Waits for the next message that has the field, and gives it. */
  next<T>(field: string): Promise<T> {
    this.checkAlive();
    return new Promise((resolve, reject) => {
      const clear = (): void => {
        this.child.off('message', onMessage);
        this.child.off('exit', onExit);
      };
      const onMessage = (answer: Record<string, unknown>): void => {
        if (!('failure' in answer) && !(field in answer)) return;
        clear();
        if ('failure' in answer) reject(new Error(`${this.name}: ${String(answer['failure'])}`));
        else resolve(answer[field] as T);
      };
      const onExit = (): void => {
        clear();
        reject(this.ended());
      };
      this.child.on('message', onMessage);
      this.child.on('exit', onExit);
    });
  }

  /** Processor time in microseconds since its start. */
  async processorTime(): Promise<number> {
    const { user, system } = await this.ask<NodeJS.CpuUsage>('processor-time', 'processorTime');
    return user + system;
  }

  /** Its memory now, in bytes. */
  memory(): Promise<NodeJS.MemoryUsage> {
    return this.ask<NodeJS.MemoryUsage>('memory', 'memory');
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    const late = setTimeout(() => this.child.kill('SIGKILL'), this.stopMs);
    await gone;
    clearTimeout(late);
  }

  /** Throws with the end of its output when it has ended. */
  checkAlive(): void {
    if (this.child.exitCode !== null || this.child.signalCode !== null) throw this.ended();
  }

  private ended(): Error {
    return new Error(`${this.name} has ended: ${readFileSync(this.log, 'utf8').slice(-2000)}`);
  }
}
