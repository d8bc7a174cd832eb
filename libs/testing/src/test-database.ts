import { createHash } from 'node:crypto';
import pg from 'pg';
import { uniqueName } from './names.js';

export type TestDatabaseRoles = { owner: string; app: string; worker: string };

export type TestDatabaseOptions = {
  /** names the state that `migrate` makes (a hash of the migrations, say); without it one template serves one test run */
  template?: string;
  /** brings an empty database to the state of the template; must close its connections */
  migrate?: (ownerUrl: string, roles: { app: string; worker: string }) => Promise<void>;
  /** administrator's address; `STEWARD_TEST_ADMIN_URL` by default, which the test run sets */
  adminUrl?: string;
};

export type TestDatabase = {
  name: string;
  roles: TestDatabaseRoles;
  /** addresses of this database as the administrator and as its three roles */
  adminUrl: string;
  ownerUrl: string;
  appUrl: string;
  workerUrl: string;
  /** drops the database, even with connections open */
  drop(): Promise<void>;
};

/**
 * Gives a database of its own to one spec file: a clone of a template that is migrated once per run, whoever of the
 * parallel workers comes first. Roles `<name>_owner`, `<name>_app` and `<name>_worker` are made when absent.
 */
export async function createTestDatabase(
  name: string,
  options: TestDatabaseOptions = {},
): Promise<TestDatabase> {
  const adminUrl = options.adminUrl ?? testAdminUrl();
  const roles: TestDatabaseRoles = { owner: `${name}_owner`, app: `${name}_app`, worker: `${name}_worker` };
  const template = templateName(name, options);
  const database = uniqueName(name);
  await withAdmin(adminUrl, async (admin) => {
    await admin.query('select pg_advisory_lock(hashtext($1))', [`steward test ${name}`]);
    await makeRoles(admin, adminUrl, roles);
    await makeTemplate(admin, adminUrl, template, roles, options);
    await admin.query(
      `create database ${quoted(database)} template ${quoted(template)} owner ${quoted(roles.owner)}`,
    );
  });
  const urlOf = (role: string) => address(adminUrl, database, role);
  return {
    name: database,
    roles,
    adminUrl: address(adminUrl, database),
    ownerUrl: urlOf(roles.owner),
    appUrl: urlOf(roles.app),
    workerUrl: urlOf(roles.worker),
    drop: () => withAdmin(adminUrl, (admin) => dropDatabase(admin, database)),
  };
}

function testAdminUrl(): string {
  const url = process.env.STEWARD_TEST_ADMIN_URL;
  if (!url)
    throw new Error('STEWARD_TEST_ADMIN_URL is not set: run this spec in the projects int, app or e2e');
  return url;
}

function templateName(name: string, { template, migrate }: TestDatabaseOptions): string {
  const state = migrate ? (template ?? process.env.STEWARD_TEST_RUN ?? String(process.ppid)) : 'empty';
  return `${name}_tpl_${createHash('sha256').update(state).digest('hex').slice(0, 12)}`;
}

async function makeRoles(admin: pg.Client, adminUrl: string, roles: TestDatabaseRoles): Promise<void> {
  for (const role of Object.values(roles)) {
    const { rowCount } = await admin.query('select 1 from pg_roles where rolname = $1', [role]);
    if (rowCount) continue;
    const password = passwordOf(adminUrl, role);
    await admin.query(`create role ${quoted(role)} login nobypassrls password '${password}'`);
  }
}

/** Built under another name and renamed when complete, so that a killed worker leaves no half-migrated template. */
async function makeTemplate(
  admin: pg.Client,
  adminUrl: string,
  template: string,
  roles: TestDatabaseRoles,
  { migrate }: TestDatabaseOptions,
): Promise<void> {
  const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [template]);
  if (rowCount) return;
  const building = `${template}_new`;
  await dropDatabase(admin, building);
  await admin.query(`create database ${quoted(building)} owner ${quoted(roles.owner)}`);
  await migrate?.(address(adminUrl, building, roles.owner), { app: roles.app, worker: roles.worker });
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [building]);
  await admin.query(`alter database ${quoted(building)} rename to ${quoted(template)}`);
}

async function dropDatabase(admin: pg.Client, name: string): Promise<void> {
  await admin.query(`drop database if exists ${quoted(name)} with (force)`);
}

async function withAdmin<T>(adminUrl: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    // closing the session also gives the advisory lock back
    await admin.end();
  }
}

function address(adminUrl: string, database: string, role?: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  if (role) {
    url.username = role;
    url.password = passwordOf(adminUrl, role);
  }
  return url.href;
}

/** The same in every worker, without being kept anywhere. */
function passwordOf(adminUrl: string, role: string): string {
  return createHash('sha256')
    .update(`${new URL(adminUrl).password} ${role}`)
    .digest('hex')
    .slice(0, 32);
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
