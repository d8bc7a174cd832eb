import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { checkAll } from './check/check-all.js';
import type { Checked, Finding } from './check/evidence.js';
import { Choices, ShuffleBag } from './choices.js';
import { FAULTS, type Fault } from './fault-list.js';
import { Ledger, readCommands, type Command } from './ledger.js';
import { Load } from './load/load.js';
import { PlatformUnderFault } from './platform-under-fault.js';
import type { Exit } from './supervised.js';
import { WorkingAgain } from './working-again.js';

export type CrashTestOptions = Readonly<{
  minutes: number;
  /** goes on after the minutes until so many kills are done */
  leastKills: number;
  seed?: string;
  say: (line: string) => void;
}>;

/** A fault that struck, and how long it took until its role was seen working. */
export type Strike = Readonly<{ fault: Fault; workedAfterMs: number; duringImport: boolean }>;

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
/** A machine that cannot do the kills in this many times the minutes is told so. */
const PATIENCE = 5;

/** Breaks one role after another while everybody works, then looks whether anything was lost or done twice. */
export async function crashTest(options: CrashTestOptions): Promise<CrashReport> {
  const seed = options.seed ?? randomBytes(4).toString('hex');
  options.say(`seed ${seed} (repeat the choices with --seed ${seed})`);
  const choices = new Choices(seed);
  const platform = await PlatformUnderFault.start({
    WEBHOOK_BACK_OFF_S: '0.2,0.5,1',
    WEBHOOK_TIMEOUT_MS: '2000',
  });
  let keep = true;
  let load: Load | undefined;
  try {
    const ledgerFile = join(platform.folder, 'ledger.jsonl');
    const ledger = await Ledger.open(ledgerFile);
    load = await Load.prepare(platform, ledger, choices);
    options.say(`the platform works, state in ${platform.folder}`);
    load.start();
    const strikes = await strikeAll(options, platform, load, ledger, choices);
    options.say('no more faults; the work in hand is finished and everything is checked');
    await load.stop();
    const checks = await checkAll(platform, load.commander, ledgerFile, load.receiver);
    await ledger.close();
    const commands = await readCommands(ledgerFile);
    const violations = [...checks.flatMap(({ findings }) => findings), ...endedAlone(platform.exits)];
    keep = violations.length > 0;
    const { exits, folder } = platform;
    return { seed, strikes, commands, exits, checks, violations, folder: keep ? folder : undefined };
  } finally {
    await load?.receiver.close();
    await platform.stop({ keep });
  }
}

async function strikeAll(
  { minutes, leastKills, say }: CrashTestOptions,
  platform: PlatformUnderFault,
  load: Load,
  ledger: Ledger,
  choices: Choices,
): Promise<Strike[]> {
  const bag = new ShuffleBag(FAULTS, choices.of('faults'));
  const moments = choices.of('moments');
  const working = new WorkingAgain(platform, load);
  const begin = performance.now();
  const since = () => (performance.now() - begin) / 60_000;
  const strikes: Strike[] = [];
  const kills = () => strikes.filter(({ fault }) => fault.kill).length;
  while (since() < minutes || (kills() < leastKills && since() < minutes * PATIENCE)) {
    load.keepImporting();
    await pause(moments.below(MOMENT_MS));
    const fault = bag.next();
    const duringImport = load.isImporting;
    const struckAt = performance.now();
    await fault.strike(platform);
    await working.seen(fault.role);
    const workedAfterMs = Math.round(performance.now() - struckAt);
    strikes.push({ fault, workedAfterMs, duringImport });
    await ledger.write({ what: 'struck', at: new Date().toISOString(), fault: fault.name, workedAfterMs });
    say(`${strikes.length}. ${fault.name}: works again after ${(workedAfterMs / 1000).toFixed(1)} s`);
  }
  return strikes;
}

/** Each fault waits until everybody is up, so nobody has a reason to end: an outage of others is no reason. */
const endedAlone = (exits: readonly Exit[]): Finding[] =>
  exits
    .filter(({ asked }) => !asked)
    .map(({ role, code, at }) => ({
      what: `${role} ended by itself (exit ${code}) at ${at.toISOString()}`,
      where: `logs/${role}.log`,
    }));
