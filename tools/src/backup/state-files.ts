import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A restore puts together here what it then moves into its place; while it is there, the platform does not start. */
export const RESTORING = 'restoring';
/** What a restore moved out of its way. */
export const REPLACED = 'replaced-';

const OWNER = 'owner.json';

/** The runner's own files that a backup holds: without the secrets nobody could open the databases. */
export const isKeptStateFile = (name: string): boolean =>
  name === 'secrets.json' || name === 'ports.json' || name.endsWith('.done');

/** What a restore would overwrite in a state folder; what an interrupted one left behind is not counted. */
export async function occupied(dataDir: string): Promise<string[]> {
  const names = await readdir(dataDir);
  const interrupted = names.includes(RESTORING);
  return names.filter(
    (name) =>
      name !== OWNER &&
      name !== RESTORING &&
      !name.startsWith(REPLACED) &&
      !(interrupted && isKeptStateFile(name)),
  );
}

/** Throws when a restore into the state folder was interrupted: what lies there is no whole platform. */
export function refuseHalfRestored(dataDir: string): void {
  const stage = join(dataDir, RESTORING);
  if (existsSync(join(stage, 'postgres')) || (existsSync(stage) && !existsSync(join(dataDir, 'postgres'))))
    throw new Error(
      `A restore into ${dataDir} was interrupted. Run it again (npm run restore -- <folder>), or give it up and delete ${stage}.`,
    );
}
