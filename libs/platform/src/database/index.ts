export * from './database.js';
export * from './lost-connection.js';
export { runMigrations, type DatabaseRoles, type MigrationClass } from './migrations.js';
export {
  branchOrGroupTable,
  branchTable,
  groupTable,
  mayAppendFor,
  ownerFunctions,
  plumbingTable,
  referenceTable,
  type TableRights,
} from './row-security.js';
export * from './platform-migrations.js';
