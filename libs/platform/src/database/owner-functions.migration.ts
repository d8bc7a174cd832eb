import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CALLABLE } from './platform-tables.migration.js';
import { ownerFunctions } from './row-security.js';

/** For databases of the first release: there everybody could call these functions and slip temporary tables under them. */
export class OwnerFunctions1700000000102 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter function next_number set search_path = public, pg_temp;
alter function idempotency_seen set search_path = public, pg_temp;
${ownerFunctions(CALLABLE, 'app and worker')}`);
  }

  async down(): Promise<void> {
    return Promise.reject(new Error('rights that were too wide do not come back'));
  }
}
