export { Calendars } from './calendars.js';
export { directoryHandlers, DirectoryModule } from './directory.module.js';
export { directoryMigrations } from './directory-tables.migration.js';
export { Directory } from './directory.js';
export type { CalendarVersion, Unit } from './directory.repository.js';
export { Policies } from './policies.js';
