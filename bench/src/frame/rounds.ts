import type { Comparison, SideResult } from './report.js';
import { median, spread } from './statistics.rules.js';

/** What was done in one burst. Processor times are totals of the burst, by process. */
export type Burst = Readonly<{
  operations: number;
  seconds: number;
  cpuUs: Readonly<Record<string, number>>;
  latencyMs?: Readonly<{ p50: number; p99: number }>;
}>;

/** The first burst of a side warms it up: code is compiled, connections are opened. It is thrown away. */
export type BurstKind = 'warm-up' | 'measured';

/** One of the things that are compared: does its work for a moment and says what it did. */
export type Side = (kind: BurstKind) => Promise<Burst>;

/** Processes whose time belongs to the figure: not those that only make the load, or hold the data. */
const AROUND = new Set(['load', 'postgres', 'kafka']);

/**
 * Lets the sides work in turns, so that a machine that is busy for a while is busy for all of them; every other round
 * goes backwards. A round before warms up and is thrown away, except where one burst of a million rows takes minutes and
 * `warmsUp` is false. Gives each side's bursts, round by round.
 */
export async function inTurns<Name extends string>(
  sides: Readonly<Record<Name, Side>>,
  rounds: number,
  { warmsUp = true } = {},
): Promise<Record<Name, Burst[]>> {
  const names = Object.keys(sides) as Name[];
  const kept = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Burst[]>;
  for (let round = warmsUp ? 0 : 1; round <= rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      const burst = await sides[name](round === 0 ? 'warm-up' : 'measured');
      if (round > 0) kept[name].push(burst);
    }
  }
  return kept;
}

type Sides = Readonly<{
  unit: string;
  ours: readonly [string, readonly Burst[]];
  raw: readonly [string, readonly Burst[]];
  goal?: Comparison['goal'];
}>;

/** The comparison of two sides' bursts, round by round. */
export function compare(title: string, { unit, ours, raw, goal }: Sides): Comparison {
  const pairs = ours[1].map((burst, i) => [burst, raw[1][i]!] as const);
  return {
    title,
    unit,
    ours: sideResult(...ours),
    raw: sideResult(...raw),
    ratio: spread(pairs.map(([a, b]) => rate(a) / rate(b))),
    cpuRatio: spread(pairs.map(([a, b]) => serverCpu(b) / serverCpu(a))),
    ...(goal ? { goal } : {}),
  };
}

const rate = (burst: Burst): number => burst.operations / burst.seconds;

const serverCpu = ({ cpuUs, operations }: Burst): number =>
  Object.entries(cpuUs).reduce((sum, [name, us]) => (AROUND.has(name) ? sum : sum + us), 0) / operations;

function sideResult(name: string, bursts: readonly Burst[]): SideResult {
  const processes = Object.keys(bursts[0]?.cpuUs ?? {});
  const perOperation = (process: string): number =>
    median(bursts.map((burst) => burst.cpuUs[process]! / burst.operations));
  const latencies = bursts.flatMap(({ latencyMs }) => latencyMs ?? []);
  return {
    name,
    perSecond: median(bursts.map(rate)),
    cpuUs: Object.fromEntries(processes.map((process) => [process, perOperation(process)])),
    ...(latencies.length > 0
      ? {
          latencyMs: {
            p50: median(latencies.map(({ p50 }) => p50)),
            p99: median(latencies.map(({ p99 }) => p99)),
          },
        }
      : {}),
  };
}
