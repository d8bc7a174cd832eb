/** What one copy of a service says of itself; status 0 when it does not answer. */
export type Told = Readonly<{
  status: number;
  checks: Readonly<Record<string, { ok: boolean; detail?: string }>>;
}>;

const ANSWER_MS = 5000;

/** What a process says of its readiness. */
export async function toldAt(port: number): Promise<Told> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal });
    const { checks = {} } = (await answer.json()) as Partial<Told>;
    return { status: answer.status, checks };
  } catch {
    return { status: 0, checks: {} };
  }
}
