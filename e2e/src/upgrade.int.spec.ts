import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { platformMigrations, runMigrations } from '@steward/platform';
import { catalogFaults, createTestDatabase, proveRows, type TestDatabase } from '@steward/testing';
import { declaredIn, SAMPLE_VALUES } from '../test/declared-tables.js';
import { catalogOf, FIRST_RELEASE, firstRelease, kept } from '../test/first-release.js';
import { migratedDatabase, migrationsOf } from '../test/service-databases.js';

const current = async (service: string) => [...platformMigrations, ...(await migrationsOf(service))];

describe.each(Object.keys(FIRST_RELEASE))('the database that the first release left of %s', (service) => {
  let upgraded: TestDatabase;
  let fresh: TestDatabase;

  beforeAll(async () => {
    upgraded = await createTestDatabase(`upgrade_${service}`);
    const { ownerUrl, roles } = upgraded;
    await runMigrations(ownerUrl, firstRelease(service), roles);
    expect(await catalogFaults(upgraded.adminUrl, roles, declaredIn(service))).not.toEqual([]);
    await runMigrations(ownerUrl, await current(service), roles);
    fresh = await migratedDatabase(service);
  }, 60_000);
  afterAll(() => Promise.all([upgraded?.drop(), fresh?.drop()]));

  it('ORG-01 becomes what this version makes from nothing', async () => {
    expect(await catalogOf(upgraded)).toEqual(await catalogOf(fresh));
  });

  it('ORG-01 keeps branches apart like it', async () => {
    expect(await catalogFaults(upgraded.adminUrl, upgraded.roles, declaredIn(service))).toEqual([]);
    const { faults } = await proveRows(upgraded, declaredIn(service), SAMPLE_VALUES);
    expect(faults).toEqual([]);
  }, 120_000);

  it('is left as it is by migrations that run again', async () => {
    const before = await catalogOf(upgraded);
    await runMigrations(upgraded.ownerUrl, await current(service), upgraded.roles);
    expect(await catalogOf(upgraded)).toEqual(before);
  });
});

it('every migration of the first release still has its name', async () => {
  const services = Object.keys(FIRST_RELEASE);
  const names = new Set((await Promise.all(services.map(current))).flat().map(({ name }) => name));
  expect(kept.filter((name) => !names.has(name))).toEqual([]);
});
