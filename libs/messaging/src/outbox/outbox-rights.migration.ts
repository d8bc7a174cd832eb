import type { Migration, MigrationRunner } from '../migration-type.js';
import { OUTBOX_RIGHTS } from './outbox.migration.js';
import { PERSONAL_PUT } from './personal-outbox.migration.js';

/** For databases of the first release: there route code could tell facts and put personal values of any branch. */
export class OutboxRights1710000000004 implements Migration {
  async up(runner: MigrationRunner): Promise<void> {
    await runner.query(`
alter function outbox_make_partition set search_path = public, pg_temp;
alter function outbox_drop_partition set search_path = public, pg_temp;
drop policy if exists outbox_insert on outbox;
drop policy if exists outbox_work on outbox;
${OUTBOX_RIGHTS}
${PERSONAL_PUT}`);
  }

  async down(): Promise<void> {
    return Promise.reject(new Error('rights that were too wide do not come back'));
  }
}
