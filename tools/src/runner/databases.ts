import { withPassword } from '@steward/platform';
import pg from 'pg';

/** The three addresses of one service's database. */
export type DatabaseUrls = Readonly<{ app: string; worker: string; owner: string }>;

export const ROLES = ['owner', 'app', 'worker'] as const;

export const databaseName = (service: string) => `steward_${service}`;
export const roleName = (service: string, role: (typeof ROLES)[number]) => `${databaseName(service)}_${role}`;

/**
 * Makes a database of its own and its roles for each service where they are missing. None of the roles may bypass
 * row-level security; other services' roles cannot connect.
 * @param adminUrl address of a role that may create databases and roles
 * @param passwordOf gives the lasting password of a role
 */
export async function prepareDatabases(
  adminUrl: string,
  services: readonly string[],
  passwordOf: (role: string) => string,
): Promise<Record<string, DatabaseUrls>> {
  const admin = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  await admin.connect();
  try {
    for (const service of services) await prepareOne(admin, service, passwordOf);
  } finally {
    await admin.end();
  }
  const urlOf = (service: string, role: (typeof ROLES)[number]) => {
    const name = roleName(service, role);
    return addressOf(adminUrl, databaseName(service), name, passwordOf(name));
  };
  return Object.fromEntries(
    services.map((service) => [
      service,
      { app: urlOf(service, 'app'), worker: urlOf(service, 'worker'), owner: urlOf(service, 'owner') },
    ]),
  );
}

async function prepareOne(
  admin: pg.Client,
  service: string,
  passwordOf: (role: string) => string,
): Promise<void> {
  for (const role of ROLES)
    await prepareRole(admin, roleName(service, role), passwordOf(roleName(service, role)));
  const database = databaseName(service);
  const owner = roleName(service, 'owner');
  // an administrator who is no superuser gives a database only to roles that it is a member of
  await admin.query(`grant ${owner} to current_user`);
  const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [database]);
  if (!rowCount) await admin.query(`create database ${database} owner ${owner}`);
  // repeated each time, as an attempt before may have ended in between
  await admin.query(`revoke all on database ${database} from public`);
  const others = [roleName(service, 'app'), roleName(service, 'worker')].join(', ');
  await admin.query(`grant connect, temporary on database ${database} to ${others}`);
}

async function prepareRole(admin: pg.Client, role: string, password: string): Promise<void> {
  const { rows } = await admin.query<{ strong: boolean }>(
    'select rolsuper or rolbypassrls strong from pg_roles where rolname = $1',
    [role],
  );
  // only a superuser may name the attribute in "alter role", even to deny it
  if (rows[0]?.strong) throw new Error(`the role ${role} bypasses row-level security; take that away first`);
  const [verb, attributes] = rows[0] ? ['alter', ''] : ['create', 'nobypassrls'];
  await admin.query(`${verb} role ${role} login ${attributes} password ${admin.escapeLiteral(password)}`);
}

function addressOf(adminUrl: string, database: string, role: string, password: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  url.username = role;
  return withPassword(url.href, password);
}
