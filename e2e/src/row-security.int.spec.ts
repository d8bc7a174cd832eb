import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runMigrations } from '@steward/service-identity';
import { catalogFaults, createTestDatabase, proveRows, type TestDatabase } from '@steward/testing';
import { declaredIn, SAMPLE_VALUES } from '../test/declared-tables.js';
import { hasDatabase, migratedDatabase, serviceNames, WITHOUT_BRANCHES } from '../test/service-databases.js';

const proved = serviceNames.filter((name) => hasDatabase(name) && name !== WITHOUT_BRANCHES);

describe.each(proved)('the database of %s', (service) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await migratedDatabase(service);
  }, 60_000);
  afterAll(() => database?.drop());

  it('ORG-01 has nothing in its catalog that leads past row-level security', async () => {
    expect(await catalogFaults(database.adminUrl, database.roles, declaredIn(service))).toEqual([]);
  });

  it('ORG-01 lets no statement of its roles read or change rows of another branch, in any table', async () => {
    const { faults, tables, statements } = await proveRows(database, declaredIn(service), SAMPLE_VALUES);
    expect(faults).toEqual([]);
    expect(tables).toEqual(expect.arrayContaining(['audit', 'audit_personal']));
    expect(statements).toBeGreaterThan(tables.length * 100);
  }, 120_000);
});

describe('services without rows of branches', () => {
  it('ORG-01 the development issuer keeps tables without branches, none of them beyond those that are known', async () => {
    const database = await createTestDatabase('rows_identity');
    await runMigrations(database.ownerUrl, database.appUrl);
    const faults = await catalogFaults(database.adminUrl, database.roles, declaredIn(WITHOUT_BRANCHES));
    await database.drop();
    // By its nature the issuer reads all of them; nothing else of its database stands open.
    const open = /^(?:table|unique key \S+ of) (?:issuer_key|login_attempt|oidc_entry)\b/;
    expect(faults.filter((fault) => !open.test(fault))).toEqual([]);
    expect(faults.filter((fault) => fault.endsWith('declared as plumbing'))).toHaveLength(3);
  });

  it('every other service has a database that is proved here, or none', () => {
    const rest = serviceNames.filter((name) => !proved.includes(name));
    expect(rest).toEqual(['gateway', WITHOUT_BRANCHES]);
  });
});
