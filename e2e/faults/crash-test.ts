import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { checkAll } from './check/check-all.js';
import type { Checked, Finding } from './check/evidence.js';
import { Choices, ShuffleBag } from './choices.js';
import type { Fault, Scene } from './fault/fault.js';
import { Ledger, readCommands, type Command } from './ledger.js';
import { Load } from './load/load.js';
import { PlatformUnderFault, type Needs } from './platform-under-fault.js';
import { strikeOnce, type Strike } from './strike.js';
import type { Exit } from './supervised.js';
import { WorkingAgain } from './working-again.js';

export type CrashTestOptions = Readonly<{
  /** those that may strike; all of one run start the platform in the same way */
  faults: readonly Fault[];
  /** goes on until all of this is reached; without it, each fault strikes once */
  until?: Readonly<{ minutes: number; kills: number }>;
  seed?: string;
  say: (line: string) => void;
}>;

export type CrashReport = Readonly<{
  seed: string;
  strikes: readonly Strike[];
  commands: readonly Command[];
  exits: readonly Exit[];
  checks: readonly Checked[];
  /** empty when nothing was lost, doubled or out of order */
  violations: readonly Finding[];
  /** where logs and ledger were left, if there are violations */
  folder: string | undefined;
}>;

const MOMENT_MS = 800;
/** A machine that cannot do the kills in this time is told so. */
const MINUTES_PER_KILL = 2;

/** Breaks one role after another while everybody works, then looks whether anything was lost or done twice. */
export async function crashTest(options: CrashTestOptions): Promise<CrashReport> {
  const { say, seed = randomBytes(4).toString('hex') } = options;
  say(`seed ${seed} (repeat the choices with --seed ${seed})`);
  const choices = new Choices(seed);
  const surroundings = { WEBHOOK_BACK_OFF_S: '0.2,0.5,1', WEBHOOK_TIMEOUT_MS: '2000' };
  const platform = await PlatformUnderFault.start(surroundings, needsOf(options.faults));
  let keep = true;
  let load: Load | undefined;
  try {
    const ledgerFile = join(platform.folder, 'ledger.jsonl');
    const ledger = await Ledger.open(ledgerFile);
    load = await Load.prepare(platform, ledger, choices);
    say(`the platform works, state in ${platform.folder}`);
    load.start();
    const working = new WorkingAgain(platform, load);
    const scene = { platform, load, working, choices: choices.of('details'), say };
    const strikes = await strikeAll(options, scene, ledger, choices);
    say('no more faults; the work in hand is finished and everything is checked');
    await load.stop();
    const checks = await checkAll(platform, load.commander, ledgerFile, load.receiver);
    await ledger.close();
    const commands = await readCommands(ledgerFile);
    const violations = [...checks, ...strikes].flatMap(({ findings }) => findings);
    violations.push(...endedAlone(platform.exits));
    keep = violations.length > 0;
    const { exits, folder } = platform;
    return { seed, strikes, commands, exits, checks, violations, folder: keep ? folder : undefined };
  } finally {
    await load?.receiver.close();
    await platform.stop({ keep });
  }
}

const needsOf = (faults: readonly Fault[]): Needs =>
  Object.assign({}, ...faults.map(({ needs }) => needs ?? {})) as Needs;

async function strikeAll(
  { faults, until, say }: CrashTestOptions,
  scene: Scene,
  ledger: Ledger,
  choices: Choices,
): Promise<Strike[]> {
  const bag = new ShuffleBag(faults, choices.of('faults'));
  const moments = choices.of('moments');
  const begin = performance.now();
  const strikes: Strike[] = [];
  const goesOn = (): boolean => {
    if (!until) return strikes.length < faults.length;
    const since = (performance.now() - begin) / 60_000;
    const kills = killsOf(strikes);
    return since < until.minutes || (kills < until.kills && since < until.kills * MINUTES_PER_KILL);
  };
  while (goesOn()) {
    scene.load.keepImporting();
    await pause(moments.below(MOMENT_MS));
    const strike = await strikeOnce(bag.next(), scene);
    strikes.push(strike);
    const { fault, workedAfterMs, findings } = strike;
    await ledger.write({ what: 'struck', at: new Date().toISOString(), fault: fault.name, workedAfterMs });
    for (const { what } of findings) say(`✗ ${what}`);
    say(`${strikes.length}. ${fault.name}: works again after ${(workedAfterMs / 1000).toFixed(1)} s`);
  }
  return strikes;
}

export const killsOf = (strikes: readonly Strike[]): number =>
  strikes.reduce((sum, { fault }) => sum + fault.kills, 0);

/** Each fault waits until everybody is up, so nobody has a reason to end: an outage of others is no reason. */
const endedAlone = (exits: readonly Exit[]): Finding[] =>
  exits
    .filter(({ asked }) => !asked)
    .map(({ role, code, at }) => ({
      what: `${role} ended by itself (exit ${code}) at ${at.toISOString()}`,
      where: `logs/${role}.log`,
    }));
