import type { MigrationInterface, QueryRunner } from 'typeorm';

// What is open is a small share that stays small: work lists by deadline walk along it, not along everything that ever was.
const OPEN = `
create index ticket_open_due on ticket (branch_id, coalesce(due_at, 'infinity'), id)
  where state not in ('completed', 'cancelled');
create index ticket_open_due_anywhere on ticket (coalesce(due_at, 'infinity'), id)
  where state not in ('completed', 'cancelled');
`;

/** Work lists of open tickets by deadline, whose time does not grow with the tickets that have ended. */
export class OpenTickets1760000060000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(OPEN);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index ticket_open_due, ticket_open_due_anywhere;');
  }
}
