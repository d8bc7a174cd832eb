import { Injectable } from '@nestjs/common';
import type { Tx } from '@steward/platform';

/** Where and what a recurrent problem is. */
export type Problem = Readonly<{ branchId: string; propertyUnitId: string; categoryCode: string }>;

const SAME = 'branch_id = $1 and property_unit_id = $2 and category_code = $3';

/** All SQL of recurrent problems (TKT-64). */
@Injectable()
export class RecurrenceRepository {
  /** Tickets of which nobody has looked yet whether their problem recurs, at most `limit`. */
  async unchecked(tx: Tx, limit: number): Promise<{ id: string; branchId: string }[]> {
    return tx.query(
      'select id, branch_id "branchId" from ticket where cause_check order by registered_at limit $1',
      [limit],
    );
  }

  /** Numbers of the problem's tickets since a time, the oldest first; without tasks to find a cause. */
  async tickets(tx: Tx, problem: Problem, since: Date): Promise<string[]> {
    const rows = await tx.query<{ number: string }>(
      `select number from ticket where ${SAME} and received_at > $4 and state <> 'cancelled' and root_cause_of is null
       order by received_at, id limit 1000`,
      [problem.branchId, problem.propertyUnitId, problem.categoryCode, since],
    );
    return rows.map(({ number }) => number);
  }

  /** Whether a task to find the cause is open, or was given since a time. */
  async hasTask(tx: Tx, problem: Problem, since: Date): Promise<boolean> {
    const rows = await tx.query(
      `select 1 from ticket where ${SAME} and root_cause_of is not null and state <> 'cancelled'
         and (received_at > $4 or state <> 'completed') limit 1`,
      [problem.branchId, problem.propertyUnitId, problem.categoryCode, since],
    );
    return rows.length > 0;
  }
}
