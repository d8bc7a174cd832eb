import type { Finding } from './check/evidence.js';
import type { Fault, Scene } from './fault/fault.js';

/** A fault that struck, how long it took until its roles were seen working, and what did not hold meanwhile. */
export type Strike = Readonly<{
  fault: Fault;
  workedAfterMs: number;
  duringImport: boolean;
  findings: readonly Finding[];
}>;

/** Lets a fault happen, heals it, and waits until everybody whom it struck has been seen working. */
export async function strikeOnce(fault: Fault, scene: Scene): Promise<Strike> {
  const { load, working, platform } = scene;
  const duringImport = load.isImporting;
  const begin = performance.now();
  const findings: Finding[] = [];
  const noted = async (where: string, work: () => Promise<void> | undefined): Promise<void> => {
    try {
      await work();
    } catch (error) {
      findings.push({ what: `${fault.name}: ${(error as Error).message}`, where });
    }
  };
  await noted('while it lasted', async () => {
    await fault.apply(scene);
    await fault.meanwhile?.(scene);
  });
  await noted('when it was to end', () => fault.heal?.(scene));
  const healed = performance.now();
  for (const role of fault.roles) await working.seen(role);
  if (fault.meanwhile) await platform.allReady();
  // of a mere kill, its own time counts as well
  const since = fault.meanwhile ? healed : begin;
  return { fault, workedAfterMs: Math.round(performance.now() - since), duringImport, findings };
}
