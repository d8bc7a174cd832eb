import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A customer is also found by its number alone, whatever branch gave it. */
export class CustomerNumber1760000031000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index customer_number on customer (number)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index customer_number');
  }
}
