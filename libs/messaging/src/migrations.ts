import type { MigrationClass } from '@steward/platform';
import { Consumers1710000000002 } from './consumer/consumer.migration.js';
import { OutboxRights1710000000004 } from './outbox/outbox-rights.migration.js';
import { Outbox1710000000000 } from './outbox/outbox.migration.js';
import { PersonalOutbox1710000000001 } from './outbox/personal-outbox.migration.js';
import { ParkedPlace1710000000003 } from './parking/parked-place.migration.js';

/** The tables of messaging, for the migrations of every service that has a database. */
export const messagingMigrations: readonly MigrationClass[] = [
  Outbox1710000000000,
  PersonalOutbox1710000000001,
  Consumers1710000000002,
  ParkedPlace1710000000003,
  OutboxRights1710000000004,
];
