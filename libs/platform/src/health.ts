/** What one check says. `detail` is for people and holds no secrets. */
export type Check = Readonly<{ ok: boolean; detail?: string }>;

/** The state of a service: ready only when every check is. */
export type HealthReport = Readonly<{
  status: 'ready' | 'not-ready' | 'stopping';
  checks: Readonly<Record<string, Check>>;
}>;

type CheckFunction = () => Promise<Check> | Check;

/** Milliseconds a check may take; a silent part is a part that is not ready. */
const DEFAULT_LIMIT_MS = 2000;

async function limited(check: CheckFunction, limitMs: number): Promise<Check> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<Check>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, detail: `no answer in ${limitMs} ms` }), limitMs);
  });
  try {
    return await Promise.race([Promise.resolve().then(check), limit]);
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** Readiness of one service: parts that make progress register a check, `/health/ready` asks them all. */
export class Health {
  private readonly checks = new Map<string, CheckFunction>();
  private stopping = false;

  constructor(private readonly limitMs = DEFAULT_LIMIT_MS) {}

  /**
   * Adds a check under a name of its own. Gives a function that removes it again.
   * Throws when the name is taken, as one part would hide the other.
   */
  register(name: string, check: CheckFunction): () => void {
    if (this.checks.has(name)) throw new Error(`health check ${name} is registered twice`);
    this.checks.set(name, check);
    return () => void this.checks.delete(name);
  }

  /** Not ready from now on, so that no new work is sent while the service ends what it has. */
  markStopping(): void {
    this.stopping = true;
  }

  /** Asks every check at once; one that throws or does not answer in time counts as not ready. */
  async report(): Promise<HealthReport> {
    if (this.stopping) return { status: 'stopping', checks: {} };
    const entries = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await limited(check, this.limitMs)] as const),
    );
    const status = entries.every(([, check]) => check.ok) ? 'ready' : 'not-ready';
    return { status, checks: Object.fromEntries(entries) };
  }
}
