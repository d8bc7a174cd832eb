import { Injectable } from '@nestjs/common';
import { Audit, GROUP_SCOPE, WorkerDatabase, type CallContext, type Tx } from '@steward/platform';

export type Generation = Readonly<{
  active: number;
  building: number | null;
  /** A build that serves no more and is to be cleared away. */
  retired: number | null;
  startedAt: Date | null;
  switchedAt: Date | null;
  /** The switch was a moment ago: questions that began with the build before it may still be at work. */
  stillRead: boolean;
  compared: Comparison | null;
  /** The build that is made takes over though it differs: it counts what the one that serves does not. */
  takesOver: boolean;
}>;

/** Both builds at the same positions and the same time. */
export type Comparison = Readonly<{ at: string; facts: number; equal: boolean; differing: number }>;

/** The row of the one read model, named when it held tickets only. */
const MODEL = 'tickets';
/** Questions that began with the old build end within this time after the switch; then it may be cleared away. */
const GRACE = '5 s';
/** Millions of facts take longer than a request may. */
const COMPARISON_LIMIT = '10min';
/** The id of the read model in the trail. */
const READ_MODEL = '8a0f6f0e-2f0d-5b4e-9f52-1f6f4c9d0a11';
/** Sums of facts; two builds need not have the same, so they are not compared. They go first, with a thousand rows each. */
const SUMS = { table: 'ticket_tally_cell', key: 'id', portion: 50 } as const;
const PORTION = 10_000;
/** The tables of facts, each with its key and what two builds must agree on. */
const FACTS = [
  {
    table: 'ticket_fact',
    key: 'ticket_id',
    columns: `ticket_id, branch_id, site_id, number, kind, channel, category_code, priority, origin, source, external_id,
      received_at, completed_at, cancelled_at, due_at, due_missing, on_time, registered_late, recorded_at,
      first_completed_at, first_reopened_at`,
  },
  {
    table: 'callback_fact',
    key: 'callback_id',
    columns: 'callback_id, ticket_id, branch_id, scheduled_at, due_at, recorded_at, result, on_time',
  },
  {
    table: 'billing_fact',
    key: 'event_id',
    columns: `event_id, kind, record_id, charge_id, account_id, branch_id, site_id, ticket_id, number, about, amount, currency,
      due_on, stated_on, occurred_at, recorded_at, late`,
  },
] as const;
const COUNTED = FACTS.map(({ table }) => `(select count(*) from ${table} where generation = $2)`).join(' + ');
const DIFFERING = FACTS.map(
  ({
    table,
    key,
    columns,
  }) => `(select count(*) from (select ${columns} from ${table} where generation = $1) a
    full join (select ${columns} from ${table} where generation = $2) b using (${key}) where a is distinct from b)`,
).join(' + ');

/** Which builds of the read model there are. */
@Injectable()
export class GenerationRepository {
  constructor(
    private readonly database: WorkerDatabase,
    private readonly audit: Audit,
  ) {}

  async get(): Promise<Generation> {
    const [row] = await this.database.read(GROUP_SCOPE, (tx) =>
      tx.query<Generation>(
        `select active, building, retired, started_at "startedAt", switched_at "switchedAt", compared, takes_over "takesOver",
           coalesce(switched_at > clock_timestamp() - $2::interval, false) "stillRead"
         from generation where model = $1`,
        [MODEL, GRACE],
      ),
    );
    return row!;
  }

  /** Begins the next build, unless one is being made already. Written to the trail. */
  async begin(ctx: CallContext): Promise<void> {
    await this.change(async (tx) => {
      const [begun] = await tx.query<{ building: number }>(
        `update generation set building = greatest(active, coalesce(retired, 0), last) + 1, last = greatest(active, coalesce(retired, 0), last) + 1,
           started_at = $2, compared = null where model = $1 and building is null returning building`,
        [MODEL, ctx.now],
      );
      if (!begun) return;
      await this.audit.record(tx, ctx, {
        branchId: null,
        entity: 'read-model',
        entityId: READ_MODEL,
        action: 'rebuild',
        changes: [{ field: 'building', from: null, to: begun.building }],
      });
    });
  }

  /** Compares the facts of both builds, row by row. */
  async compare(active: number, building: number): Promise<Pick<Comparison, 'facts' | 'differing'>> {
    const [row] = await this.database.read(GROUP_SCOPE, async (tx) => {
      await tx.query(`set local statement_timeout = '${COMPARISON_LIMIT}'`);
      return tx.query<{ facts: string; differing: string }>(
        `select ${COUNTED} facts, ${DIFFERING} differing`,
        [active, building],
      );
    });
    return { facts: Number(row!.facts), differing: Number(row!.differing) };
  }

  /**
   * Makes the new build the one that serves; the old one waits to be cleared away. By the clock of the database: the copy
   * that clears away may be another one.
   */
  async switchTo(building: number, old: number, comparison: Comparison): Promise<void> {
    await this.change((tx) =>
      tx.query(
        `update generation set active = $2, building = null, retired = $3, compared = $4::jsonb,
           switched_at = clock_timestamp(), takes_over = false
         where model = $1 and building = $2`,
        [MODEL, building, old, JSON.stringify(comparison)],
      ),
    );
  }

  /** Gives the build up: it differs, and the one that serves goes on. */
  async giveUp(building: number, comparison: Comparison): Promise<void> {
    await this.change((tx) =>
      tx.query(
        'update generation set building = null, retired = $2, compared = $3::jsonb where model = $1 and building = $2',
        [MODEL, building, JSON.stringify(comparison)],
      ),
    );
  }

  /** Deletes the facts of a build in portions, so that no transaction is long. */
  async drop(generation: number): Promise<void> {
    const facts = FACTS.map(({ table, key }) => ({ table, key, portion: PORTION }));
    for (const { table, key, portion } of [SUMS, ...facts]) {
      let gone: unknown[];
      do {
        gone = await this.change((tx) =>
          tx.query(
            `delete from ${table} where (generation, ${key}) in
               (select generation, ${key} from ${table} where generation = $1 limit ${portion}) returning 1`,
            [generation],
          ),
        );
      } while (gone.length > 0);
    }
    await this.change((tx) =>
      tx.query('update generation set retired = null where model = $1 and retired = $2', [MODEL, generation]),
    );
  }

  private async change<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(GROUP_SCOPE, work);
  }
}
