import type { MigrationInterface, QueryRunner } from 'typeorm';

/** That a month of the branch is closed is told at its sites as well: their figures say so. Its figures are the branch's. */
export class ClosingsForSites1760000024000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(readBy('refs'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(readBy('read'));
  }
}

const readBy = (list: 'read' | 'refs'): string => `
drop policy month_closing_read on month_closing;
create policy month_closing_read on month_closing for select
  using ((select app_${list}_all()) or branch_id = any ((select app_${list}_ids())::uuid[]));`;
