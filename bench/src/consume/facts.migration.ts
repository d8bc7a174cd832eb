import { branchTable, type MigrationClass } from '@steward/platform';

/** What the consumers of the bench write: one row per ticket, under row-level security like every branch's data. */
class BenchFacts1790000000000 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query(
      `create table bench_fact (
        ticket_id uuid not null, consumer text not null, branch_id uuid not null, number text not null, kind text not null,
        channel text not null, priority text not null, received_at timestamptz not null, due_at timestamptz,
        primary key (ticket_id, consumer)
      )`,
    );
    await runner.query(branchTable('bench_fact'));
  }

  down(): Promise<void> {
    return Promise.resolve();
  }
}

export const BenchFacts = BenchFacts1790000000000 as unknown as MigrationClass;
