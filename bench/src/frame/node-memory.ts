import { readdirSync, readFileSync } from 'node:fs';

const KIB_PER_MIB = 1024;

/** Memory in MiB of the Node processes in the tree below a process, and how many they are. */
export type NodeMemory = Readonly<{ processes: number; resident: number; proportional: number }>;

/**
 * Adds up what Linux tells of the Node processes below `pid`, itself included: `resident` counts pages that several
 * share for each of them, `proportional` counts them once. Undefined where the system does not tell.
 */
export function nodeMemory(pid: number): NodeMemory | undefined {
  const parents = new Map<number, number>();
  const node: number[] = [];
  try {
    for (const entry of readdirSync('/proc')) if (/^\d+$/.test(entry)) look(Number(entry), parents, node);
  } catch {
    return undefined;
  }
  const own = node.filter((id) => isBelow(id, pid, parents));
  const sum = (name: string): number => own.reduce((total, id) => total + kib(id, name), 0) / KIB_PER_MIB;
  return { processes: own.length, resident: sum('Rss'), proportional: sum('Pss') };
}

function look(id: number, parents: Map<number, number>, node: number[]): void {
  try {
    const text = readFileSync(`/proc/${id}/stat`, 'utf8');
    parents.set(id, Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]));
    if (/^(\S*\/)?node\0/.test(readFileSync(`/proc/${id}/cmdline`, 'utf8'))) node.push(id);
  } catch {
    // it has ended meanwhile
  }
}

function isBelow(id: number, top: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) if (at === top) return true;
  return false;
}

function kib(id: number, name: string): number {
  try {
    const text = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8');
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
