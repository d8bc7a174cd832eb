import { HeadPublication1700000000101 } from '../audit/head-publication.migration.js';
import type { MigrationClass } from './migrations.js';
import { OwnerFunctions1700000000102 } from './owner-functions.migration.js';
import { PlatformTables1700000000000 } from './platform-tables.migration.js';
import { StoredAnswer1700000000100 } from './stored-answer.migration.js';

/** The tables of the platform, before all others in the migrations of every service that has a database. */
export const platformMigrations: readonly MigrationClass[] = [
  PlatformTables1700000000000,
  StoredAnswer1700000000100,
  HeadPublication1700000000101,
  OwnerFunctions1700000000102,
];
