import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withPassword } from '@steward/platform';
import { prepareDatabases } from '../runner/databases.js';
import type { Env } from '../runner/settings.js';
import { SERVICES } from '../services.js';

/** Whose databases are made, where, and where the passwords lie. */
export type ProvisionSettings = Readonly<{
  adminUrl: string;
  passwords: string;
  services: readonly string[];
}>;

export const PROVISION_USAGE = `npm run provision -- --passwords <folder> [service …]
  makes database and roles of each service (all by default) where they are missing, and sets the roles' passwords
  --passwords <folder>      one file per role, named as the role (steward_tickets_owner, _app, _worker)
  ADMIN_DATABASE_URL        address of a role that may create databases and roles, e.g. postgres://admin@db:5432/postgres
  ADMIN_DATABASE_PASSWORD   (or ADMIN_DATABASE_PASSWORD_FILE) its password, unless the address holds it`;

const OWNING = SERVICES.filter(({ ownsDatabase }) => ownsDatabase).map(({ name }) => name as string);

/**
 * Reads command line and environment.
 * @throws Error with the usage when something is missing or not known
 */
export function readProvisionSettings(args: readonly string[], env: Env): ProvisionSettings {
  const { passwords, services } = readArguments(args);
  const unknown = services.filter((name) => !OWNING.includes(name));
  if (unknown.length > 0)
    throw new Error(`no service with a database: ${unknown.join(', ')}; known: ${OWNING.join(', ')}`);
  if (!env.ADMIN_DATABASE_URL || !passwords) throw new Error(PROVISION_USAGE);
  const file = env.ADMIN_DATABASE_PASSWORD_FILE;
  const password = env.ADMIN_DATABASE_PASSWORD || (file ? readSecret(file) : undefined);
  return {
    adminUrl: withPassword(env.ADMIN_DATABASE_URL, password),
    passwords,
    services: services.length > 0 ? services : OWNING,
  };
}

function readArguments(args: readonly string[]): { passwords: string | undefined; services: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { passwords: { type: 'string' } },
      allowPositionals: true,
    });
    return { passwords: values.passwords, services: positionals };
  } catch (cause) {
    throw new Error(PROVISION_USAGE, { cause });
  }
}

/** Makes databases and roles with the passwords of the folder; may be repeated, also to change the passwords. */
export async function provision(
  { adminUrl, passwords, services }: ProvisionSettings,
  say: (line: string) => void,
): Promise<void> {
  await prepareDatabases(adminUrl, services, (role) => readSecret(join(passwords, role)));
  say(`databases and roles are there: ${services.join(', ')}`);
}

function readSecret(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    throw new Error(`cannot read the password in ${file} (${(cause as NodeJS.ErrnoException).code})`, {
      cause,
    });
  }
  if (!text) throw new Error(`the password in ${file} is empty`);
  return text;
}
