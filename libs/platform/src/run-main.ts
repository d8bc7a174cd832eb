import { flushCompileCache } from 'node:module';
import { ConfigError } from './config.js';

/** What `runMain` runs: a service, or anything else that can be stopped. */
export type Stoppable = Readonly<{ name: string; stop(): Promise<void> }>;

/** The parts of a process that `runMain` needs; `process` itself, or a stand-in in tests. */
export type ProcessHost = Readonly<{
  on(event: string, listener: (value: unknown) => void): unknown;
  once(event: string, listener: () => void): unknown;
  exit(code: number): void;
  /** Program, script, then the arguments. */
  argv?: readonly string[];
  stderr: Readonly<{ write(text: string): unknown }>;
}>;

/** Work that a service offers beside running: its argument's name, and what it does with the configuration. */
export type MainTasks<C> = Readonly<Record<string, (config: C) => Promise<void>>>;

/** `EX_USAGE` of sysexits. */
const USAGE_EXIT_CODE = 64;
/** Milliseconds after which a stop that hangs ends the process all the same. */
const STOP_LIMIT_MS = 30_000;
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

const described = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

class Main {
  private running: Stoppable | null = null;
  private stopping = false;

  constructor(
    private readonly name: string,
    private readonly host: ProcessHost,
  ) {
    // No handler waits: what runs after an unexpected error cannot be trusted any more.
    for (const event of ['uncaughtException', 'unhandledRejection']) {
      host.on(event, (error) => this.end(1, `${event}: ${described(error)}`));
    }
  }

  private end(code: number, message?: string): void {
    if (message) this.host.stderr.write(`${this.name}: ${message}\n`);
    this.host.exit(code);
  }

  async start<C>(createApp: (config: C) => Promise<Stoppable>, configFromEnv: () => C): Promise<void> {
    try {
      this.running = await createApp(configFromEnv());
    } catch (error) {
      if (error instanceof ConfigError) return this.end(error.exitCode, error.message);
      return this.end(1, `did not start: ${described(error)}`);
    }
    for (const signal of SIGNALS) this.host.on(signal, () => void this.stop(signal));
    // with NODE_COMPILE_CACHE the next start needs half the time, also after a kill, which leaves no time to write
    flushCompileCache();
  }

  /** Runs one task and ends the process. */
  async run<C>(task: (config: C) => Promise<void>, configFromEnv: () => C): Promise<void> {
    try {
      await task(configFromEnv());
      this.end(0);
    } catch (error) {
      if (error instanceof ConfigError) return this.end(error.exitCode, error.message);
      return this.end(1, error instanceof Error ? error.message : String(error));
    }
  }

  refuse(argument: string, known: readonly string[]): void {
    const choice = known.length > 0 ? `; known: ${known.join(', ')}` : '';
    this.end(USAGE_EXIT_CODE, `unknown argument ${argument}${choice}`);
  }

  private async stop(signal: string): Promise<void> {
    if (this.stopping) return this.end(130, `ended at once by a second ${signal}`);
    this.stopping = true;
    setTimeout(
      () => this.end(1, `did not stop within ${STOP_LIMIT_MS} ms after ${signal}`),
      STOP_LIMIT_MS,
    ).unref();
    try {
      await this.running?.stop();
      this.end(0);
    } catch (error) {
      this.end(1, `stopping failed: ${described(error)}`);
    }
  }
}

/**
 * The whole of a `main.ts`: reads the configuration, starts the service, stops it on SIGTERM or SIGINT (a second
 * signal ends at once). A wrong configuration prints every problem and exits with 78; a failed start, a crash or a
 * failed stop exits with 1. With the name of a task as argument (`migrate`) it runs only that and exits with 0, or 1 and
 * one sentence; an unknown argument exits with 64. Whatever it says begins with the service's `name`.
 */
export async function runMain<C>(
  name: string,
  createApp: (config: C) => Promise<Stoppable>,
  configFromEnv: () => C,
  tasks: MainTasks<C> = {},
  host: ProcessHost = process,
): Promise<void> {
  const main = new Main(name, host);
  const argument = host.argv?.[2];
  if (argument === undefined) return main.start(createApp, configFromEnv);
  const task = Object.hasOwn(tasks, argument) ? tasks[argument] : undefined;
  if (task) return main.run(task, configFromEnv);
  main.refuse(argument, Object.keys(tasks));
}
