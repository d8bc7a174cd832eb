import { z } from 'zod';
import { checked, isOn, type VariableCheck } from './config-parsing.js';

/** Schema of an address of PostgreSQL. */
const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'must be an address (postgres, postgresql)',
});

const neededToMigrate: VariableCheck = (values) =>
  isOn(values.MIGRATE_ON_START, true) && !values.MIGRATION_URL
    ? 'is not set (or MIGRATION_URL_FILE)'
    : undefined;

const onePassword = (name: string, url: string): VariableCheck => {
  return (values) =>
    values[name] && URL.parse(values[url] ?? '')?.password
      ? `${url} holds a password already; keep one`
      : undefined;
};
const password = (name: string, url: string) => checked(z.string().optional(), onePassword(name, url));

/** Variables of the owner's and the application's connection; every service with a database has them. */
export const databaseEnv = z.object({
  DATABASE_URL: postgresUrl,
  DATABASE_PASSWORD: password('DATABASE_PASSWORD', 'DATABASE_URL'),
  MIGRATION_URL: checked(postgresUrl.optional(), neededToMigrate),
  MIGRATION_PASSWORD: password('MIGRATION_PASSWORD', 'MIGRATION_URL'),
  MIGRATE_ON_START: z.stringbool().default(true),
});

/** Variables of a database that workers use under a role of their own. */
export const workerDatabaseEnv = databaseEnv.extend({
  WORKER_DATABASE_URL: postgresUrl,
  WORKER_DATABASE_PASSWORD: password('WORKER_DATABASE_PASSWORD', 'WORKER_DATABASE_URL'),
  DATABASE_POOL: z.coerce.number().int().min(1).max(50).default(5),
});

/** An address with the password that was kept apart from it, as secrets usually are. */
export function withPassword(url: string, secret: string | undefined): string {
  if (!secret) return url;
  const full = new URL(url);
  full.password = encodeURIComponent(secret);
  return full.href;
}
