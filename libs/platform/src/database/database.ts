import { DataSource, type EntityManager, type EntitySchema, type QueryRunner } from 'typeorm';
import type { Pool, PoolClient } from 'pg';
import type { Scope } from '../context.js';
import { connected } from './connected.js';
import { scopeText } from './scope-text.js';
import { Turns } from './turns.js';

const brand: unique symbol = Symbol('transaction');

const isSilence = (error: unknown): error is Error =>
  error instanceof Error && error.message.includes('Query read timeout');

/** Begins and sets the scope in one round trip, for which TypeORM takes two; it has to know of it, to commit it. */
async function begin(runner: QueryRunner, text: string): Promise<void> {
  (runner as { isTransactionActive: boolean }).isTransactionActive = true;
  await runner.query(`start transaction; select set_config('app.scope', '${text}', true)`);
}

/** What a connection still holds that cannot roll back nobody knows: it is ended, so that the pool makes a new one. */
async function rollBack(runner: QueryRunner, error: unknown): Promise<void> {
  try {
    if (isSilence(error)) throw error;
    await runner.rollbackTransaction();
  } catch {
    const connection = (await runner.connect()) as PoolClient & { end(): Promise<void> };
    void connection.end().catch(() => undefined);
  }
}

/** An open transaction under a scope. Only `Database` makes one, so whoever asks for a `Tx` cannot run outside. */
export type Tx = Readonly<{
  [brand]: true;
  scope: Scope;
  manager: EntityManager;
  query<Row = Record<string, unknown>>(
    statement: string | PreparedStatement,
    values?: readonly unknown[],
  ): Promise<Row[]>;
  /** Runs after the commit, never after a rollback (used to wake the relay). It must not throw: what is committed would look failed. */
  afterCommit(work: () => void): void;
}>;

/* eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own type of an entity target */
export type EntityTarget = Function | EntitySchema<unknown>;

export type DatabaseOptions = Readonly<{
  url: string;
  name: string;
  entities?: readonly EntityTarget[];
  poolSize?: number;
  /** Milliseconds after which the server ends a statement or an idle transaction; a stopped process must not hold a counter row. */
  timeoutMs?: number;
}>;

/** How long works wait for a connection and for its answers. */
type Patience = Readonly<{
  /** Works that may wait for each connection of the pool. */
  waiting: number;
  waitMs: number;
  /** Milliseconds that a server gets beyond its own limits before its silence counts; null waits for ever. */
  silenceMs: number | null;
}>;

const transactionOf = (runner: QueryRunner, scope: Scope, hooks: (() => void)[]): Tx => ({
  [brand]: true,
  scope,
  manager: runner.manager,
  query: async <Row>(statement: string | PreparedStatement, values?: readonly unknown[]) => {
    // TypeORM hands on what it is given, and the driver keeps values in an object that names a statement
    const sent = (typeof statement === 'string' ? statement : { ...statement }) as string;
    const result = (await runner.query(sent, values as unknown[] | undefined, true)) as { records?: Row[] };
    return result.records ?? [];
  },
  afterCommit: (work) => void hooks.push(work),
});

/** The service's database under the application's role: every access runs inside a transaction with a scope (ORG-01). */
export class Database {
  /** A request is answered before the gateway gives it up. */
  protected static readonly patience: Patience = { waiting: 50, waitMs: 3000, silenceMs: 1000 };
  private readonly turns: Turns;

  protected constructor(readonly dataSource: DataSource) {
    const places = this.pool.options.max;
    const { waiting, waitMs } = (this.constructor as typeof Database).patience;
    this.turns = new Turns({ places, waiting: places * waiting, waitMs });
  }

  /** Connects a pool. Throws when the server does not answer. */
  static async connect<T extends Database>(
    this: { prototype: T } & typeof Database,
    options: DatabaseOptions,
  ): Promise<T> {
    const timeout = options.timeoutMs ?? 5000;
    const { silenceMs } = this.patience;
    const dataSource = new DataSource({
      type: 'postgres',
      url: options.url,
      applicationName: options.name,
      entities: [...(options.entities ?? [])] as never[],
      poolSize: options.poolSize ?? 5,
      extra: {
        statement_timeout: timeout,
        idle_in_transaction_session_timeout: timeout,
        connectionTimeoutMillis: timeout,
        ...(silenceMs === null ? {} : { query_timeout: timeout + silenceMs }),
        keepAlive: true,
      },
      poolErrorHandler: () => undefined, // a broken idle connection is replaced at its next use
      synchronize: false,
      logging: false,
    });
    await connected(options.url, dataSource.initialize());
    return new this(dataSource) as unknown as T;
  }

  /**
   * Runs `work` in one transaction that reads and writes only what `scope` names; commits, or rolls back on a throw.
   * Throws `database.busy` (503) when its turn does not come in time.
   */
  async transaction<T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
    const text = scopeText(scope);
    await this.turns.take(scope.caller ?? text);
    const hooks: (() => void)[] = [];
    let result: T;
    try {
      result = await this.inTransaction(text, (runner) => work(transactionOf(runner, scope, hooks)));
    } finally {
      this.turns.leave();
    }
    for (const hook of hooks) hook();
    return result;
  }

  private async inTransaction<T>(text: string, work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await begin(runner, text);
      const result = await work(runner);
      await runner.commitTransaction();
      return result;
    } catch (error) {
      if (runner.isTransactionActive) await rollBack(runner, error);
      throw error;
    } finally {
      await runner.release();
    }
  }

  /** Like `transaction`, with no right to write whatever the scope says. */
  async read<T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.transaction({ ...scope, write: [] }, work);
  }

  /**
   * One statement in one round trip, for hot writes: its first CTE must be
   * `scope as materialized (select set_config('app.scope', $1, true) v)` and every write must select from it. `$1` is
   * filled in here, `values` start at `$2`. Not for plain reads: their order of evaluation is not promised.
   */
  async statement<Row>(scope: Scope, sql: HotStatement, values: readonly unknown[]): Promise<Row[]> {
    const text = scopeText(scope);
    await this.turns.take(scope.caller ?? text);
    try {
      const { name, text: statement } = sql;
      const result = await this.pool.query<Row & Record<string, unknown>>({
        name,
        text: statement,
        values: [text, ...values],
      });
      return result.rows;
    } finally {
      this.turns.leave();
    }
  }

  /** The driver's own pool, for plumbing that needs a connection of its own (LISTEN, advisory locks). */
  get pool(): Pool {
    return (this.dataSource.driver as unknown as { master: Pool }).master;
  }

  /** Works that wait for a connection. */
  get waiting(): number {
    return this.turns.length + this.pool.waitingCount;
  }

  async close(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}

/** The same database under the role of relay, consumers, sealer and schedulers: also sees the plumbing tables. */
export class WorkerDatabase extends Database {
  /** Work that nobody waits for may take as long as its own statements allow. */
  protected static override readonly patience: Patience = {
    waiting: Infinity,
    waitMs: 60_000,
    silenceMs: null,
  };
}

/** A statement that each connection parses and plans once: its name is unique per service and stands for the text. */
export type PreparedStatement = Readonly<{ name: string; text: string }>;

/**
 * Declares a statement that is sent all the time: under row-level security planning costs more than a short statement
 * itself. Not for optional filters, whose best plan depends on the values.
 */
export const prepared = (name: string, text: string): PreparedStatement => ({ name, text });

/** A prepared statement that sets its scope itself, for `Database.statement`. */
export type HotStatement = PreparedStatement;

const HEAD =
  /^\s*with\s+scope\s+as\s+materialized\s*\(\s*select\s+set_config\('app\.scope',\s*\$1,\s*true\)\s+v\s*\)/i;

/** Declares a hot statement. Throws at load time when its text does not set the scope first. */
export function hotStatement(name: string, text: string): HotStatement {
  if (!HEAD.test(text)) throw new Error(`hot statement ${name} must begin with the scope CTE`);
  return { name, text };
}
