import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { roleName, ROLES } from '../runner/databases.js';
import { SERVICES } from '../services.js';

/** Secrets that are no password of a service's database role. */
const SHARED = ['postgres_admin', 'audit_key', 'demo_partner_secret', 'grafana_admin'] as const;

/** The names of all secrets of an installation; the files in the folder of secrets are called so. */
export function secretNames(): string[] {
  const owning = SERVICES.filter(({ ownsDatabase }) => ownsDatabase);
  return [...SHARED, ...owning.flatMap(({ name }) => ROLES.map((role) => roleName(name, role)))];
}

/** Makes a random value for each secret that has no file yet; gives the names of those it made. */
export function makeSecrets(folder: string): string[] {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const missing = secretNames().filter((name) => !existsSync(join(folder, name)));
  for (const name of missing) {
    const file = join(folder, name);
    // the folder is closed to other users; the files are open, as containers read them under a user of their own
    writeFileSync(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o444 });
    chmodSync(file, 0o444);
  }
  return missing;
}
