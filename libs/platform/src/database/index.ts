export * from './database.js';
export * from './lost-connection.js';
export * from './migrations.js';
export * from './row-security.js';
export * from './platform-migrations.js';
