export * from './database.js';
export * from './migrations.js';
export * from './row-security.js';
export * from './platform-tables.migration.js';
