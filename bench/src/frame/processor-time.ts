import { readdirSync, readFileSync } from 'node:fs';

/** Length of a tick in which Linux tells processor times; the same on every common build. */
const TICK_US = 10_000;

type Stat = { parent: number; us: number };

/**
 * Processor time in microseconds that the trees below these process ids have used, children that have ended included.
 * Undefined where the system does not tell (elsewhere than on Linux).
 */
export function treeProcessorTime(pid: number): number | undefined {
  const stats = new Map<number, Stat>();
  try {
    for (const entry of readdirSync('/proc')) if (/^\d+$/.test(entry)) read(Number(entry), stats);
  } catch {
    return undefined;
  }
  const belongs = (id: number): boolean => {
    for (let at: number | undefined = id; at !== undefined; at = stats.get(at)?.parent)
      if (at === pid) return true;
    return false;
  };
  return [...stats].reduce((sum, [id, { us }]) => (belongs(id) ? sum + us : sum), 0);
}

function read(pid: number, stats: Map<number, Stat>): void {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // the name, in brackets, may hold anything; what follows it is numbers: state, parent … own and children's time
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    stats.set(pid, { parent: Number(fields[1]), us: ticks * TICK_US });
  } catch {
    // it has ended meanwhile
  }
}
