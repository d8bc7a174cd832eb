import { plumbingTable } from '@steward/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { UNIT_ABOVE_INSERTS } from './1760000020000-organisation.js';
import { unitSightFunction } from './row-sight.js';

const constraint = (table: string, name: string, definition: string): string => `
do $$ begin
  if not exists (select from pg_constraint where conname = '${name}') then
    alter table ${table} add constraint ${name} ${definition};
  end if;
end $$;`;

/** For databases of the first release: a site lies in its branch, versions in their calendar's and policy's. */
export class Tighter1760000020001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop policy if exists unit_above_insert on unit_above;
drop policy if exists unit_above_work on unit_above;
${plumbingTable('unit_above', { appInserts: UNIT_ABOVE_INSERTS })}
${unitSightFunction}`);
    await runner.query(
      [
        constraint('unit', 'unit_check1', `check (kind <> 'site' or parent_id = branch_id)`),
        ...(['calendar', 'policy'] as const).map((table) =>
          constraint(table, `${table}_id_branch_id_key`, 'unique (id, branch_id)'),
        ),
        ...(['calendar_version', 'policy_value'] as const).map((table) => {
          const of = table.split('_')[0]!;
          const columns = `${of}_id, branch_id`;
          const name = `${table}_${of}_id_branch_id_fkey`;
          return constraint(table, name, `foreign key (${columns}) references ${of} (id, branch_id)`);
        }),
      ].join(''),
    );
  }

  async down(): Promise<void> {
    return Promise.reject(new Error('rights that were too wide do not come back'));
  }
}
