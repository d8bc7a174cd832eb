import type { MeasuredProcess } from './measured-process.js';
import type { Burst } from './rounds.js';
import type { Stand } from './stand.js';

type Work = () => Promise<Pick<Burst, 'operations' | 'seconds' | 'latencyMs'>>;

/** Measures what the named processes and the engines spend while `work` is done. */
export async function metered(
  stand: Stand,
  processes: Readonly<Record<string, MeasuredProcess>>,
  work: Work,
): Promise<Burst> {
  const before = await times(stand, processes);
  const done = await work();
  const after = await times(stand, processes);
  const cpuUs = Object.fromEntries(
    Object.entries(after).map(([name, us]) => [name, us - (before[name] ?? 0)]),
  );
  return { ...done, cpuUs };
}

async function times(
  stand: Stand,
  processes: Readonly<Record<string, MeasuredProcess>>,
): Promise<Record<string, number>> {
  const own = Object.entries(processes).map(
    async ([name, process]) => [name, await process.processorTime()] as const,
  );
  return { ...Object.fromEntries(await Promise.all(own)), ...stand.enginesTime() };
}
