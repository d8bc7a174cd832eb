import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A run asks what of an item a unit was charged for its days, not for all that it ever was (BIL-04). */
export class ChargesOfUnit1760000058000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop index charge_unit;
       create index charge_unit on charge (property_unit_id, fee_item_code, service_to)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop index charge_unit;
       create index charge_unit on charge (property_unit_id, id)`,
    );
  }
}
