import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the published head of a chain reaches, so that the last one of a chain that fell quiet is seen to be due. */
export class HeadPublication1700000000101 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table audit_head add column published_upto bigint not null default 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table audit_head drop column published_upto');
  }
}
