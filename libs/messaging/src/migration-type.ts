import type { MigrationClass } from '@steward/platform';

/** A migration as the platform runs it; messaging itself does not depend on the mapper behind it. */
export type Migration = InstanceType<MigrationClass>;

/** What a migration runs its statements on. */
export type MigrationRunner = Parameters<Migration['up']>[0];
