import { TicketRegistered, type CallbackScheduled, type EventEnvelope } from '@steward/contracts';
import { newId } from '@steward/kernel';
import {
  Database,
  GROUP_SCOPE,
  platformMigrations,
  readOnly,
  runMigrations,
  WorkerDatabase,
  type Scope,
  type Tx,
} from '@steward/platform';
import { createTestDatabase, type TestDatabase } from '@steward/testing';
import pg from 'pg';
import type { BranchZone } from '../src/figure/branch-zone.js';
import { CallbackFactRepository } from '../src/figure/callback-fact.repository.js';
import { FactRepository, type FactColumn } from '../src/figure/fact.repository.js';
import type { Selection } from '../src/figure/figure-conditions.rules.js';
import { FigureRepository, type FigureRow } from '../src/figure/figure.repository.js';
import type { Dimension } from '../src/figure/figure.rules.js';
import { migrations } from '../src/index.js';
import { TallyRepository, type Wanted } from '../src/tally/tally.repository.js';

export const EAST: BranchZone = { id: newId(), timeZone: 'Asia/Shanghai' };
export const WEST: BranchZone = { id: newId(), timeZone: 'America/New_York' };
export const SITE = newId();

/** Long after all that the spec tells of, so that months are summed in detail. */
export const LATER = new Date('2026-09-01T00:00:00.000Z');

export type Registration = Readonly<{
  branch: BranchZone;
  received: string;
  kind?: string;
  channel?: string;
  category?: string | null;
  source?: string | null;
  site?: string | null;
  due?: string | null;
  /** when it was recorded, for a ticket of a closed month */
  late?: string | null;
}>;
export type Question = Partial<Omit<Selection, 'generation' | 'happened'>> &
  Readonly<{ by: readonly Dimension[]; scope?: Scope }>;

/** Figures, facts and tallies on a database of their own, without a service around them. */
export class TallyWorld {
  private readonly facts = new FactRepository();
  private readonly callbacks = new CallbackFactRepository();
  readonly figures = new FigureRepository();
  readonly tallies = new TallyRepository();
  generation = 1;

  private constructor(
    private readonly database: TestDatabase,
    readonly worker: WorkerDatabase,
    private readonly app: Database,
    private readonly admin: pg.Client,
  ) {}

  static async create(): Promise<TallyWorld> {
    const database = await createTestDatabase('tally', {
      migrate: (url, roles) => runMigrations(url, [...platformMigrations, ...migrations], roles),
    });
    const worker = await WorkerDatabase.connect({ url: database.workerUrl, name: 'spec-worker' });
    const app = await Database.connect({ url: database.appUrl, name: 'spec-app' });
    const admin = new pg.Client({ connectionString: database.adminUrl });
    await admin.connect();
    return new TallyWorld(database, worker, app, admin);
  }

  async close(): Promise<void> {
    await this.admin.end();
    await Promise.all([this.worker.close(), this.app.close()]);
    await this.database.drop();
  }

  /** Past row-level security. */
  async rows<Row = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.admin.query(sql, values)).rows as Row[];
  }

  /** Goes on with the next build, which has no facts. */
  async nextGeneration(): Promise<void> {
    this.generation += 1;
    await this.rows('update generation set active = $1', [this.generation]);
  }

  run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.worker.transaction(GROUP_SCOPE, work);
  }

  async register(tx: Tx, spec: Registration): Promise<string> {
    const ticketId = newId();
    const { branch, received, late = null, due = null } = spec;
    const data = {
      ...(TicketRegistered.sample as object),
      ...{ ticketId, number: ticketId, siteId: spec.site ?? null, receivedAt: received, dueAt: due },
      ...{ kind: spec.kind ?? 'repair', channel: spec.channel ?? 'web', source: spec.source ?? null },
      categoryCode: spec.category ?? null,
    };
    const event = {
      data,
      branch: branch.id,
      origin: 'live',
      late: late !== null,
      recordedTime: late ?? received,
    };
    await this.facts.add(tx, this.generation, [event as unknown as EventEnvelope<TicketRegistered>]);
    return ticketId;
  }

  async change(tx: Tx, ticketId: string, values: Partial<Record<FactColumn, unknown>>): Promise<void> {
    const columns = Object.keys(values) as FactColumn[];
    await this.facts.change(tx, this.generation, columns, [{ ticketId, ...values }]);
  }

  complete(tx: Tx, ticketId: string, at: string, onTime: boolean | null = null): Promise<void> {
    return this.change(tx, ticketId, { completed_at: at, on_time: onTime, first_completed_at: at });
  }

  async expectCallback(tx: Tx, ticketId: string, branch: BranchZone, at: string): Promise<string> {
    const callbackId = newId();
    const event = { data: { callbackId, ticketId, dueAt: at }, branch: branch.id, time: at };
    await this.callbacks.add(tx, this.generation, [event as unknown as EventEnvelope<CallbackScheduled>]);
    return callbackId;
  }

  async callBack(tx: Tx, callbackId: string, recordedAt: string, result = 'satisfied'): Promise<void> {
    const fact = { callbackId, recordedAt, result, onTime: true };
    await this.callbacks.record(tx, this.generation, [fact as never]);
  }

  wanted(branches: readonly BranchZone[] = [EAST, WEST], now = LATER): Promise<Wanted[]> {
    return this.worker.read(GROUP_SCOPE, (tx) =>
      this.tallies.wanted(tx, this.generation, branches, { now, limit: 1000 }),
    );
  }

  /** Makes all tallies that are wanted. */
  async cover(branches: readonly BranchZone[] = [EAST, WEST], now = LATER): Promise<number> {
    const wanted = await this.wanted(branches, now);
    for (const one of wanted) await this.run((tx) => this.tallies.make(tx, this.generation, one));
    return wanted.length;
  }

  async ask(question: Question): Promise<FigureRow[]> {
    return this.app.read(question.scope ?? GROUP_SCOPE, (tx) => this.asked(tx, question));
  }

  /** The same question as if nothing had ever been summed. */
  async askWithoutTallies(question: Question): Promise<FigureRow[]> {
    let found: FigureRow[] = [];
    const undone = new Error('undone');
    await this.run(async (tx) => {
      await tx.query('delete from ticket_tally_cell');
      await tx.query(`select set_config('app.scope', $1, true)`, [
        scopeTextOf(question.scope ?? GROUP_SCOPE),
      ]);
      found = await this.asked(tx, question);
      throw undone;
    }).catch((error: unknown) => {
      if (error !== undone) throw error;
    });
    return found;
  }

  private asked(tx: Tx, { by, scope: _scope, ...asked }: Question): Promise<FigureRow[]> {
    return this.figures.figures(tx, this.selection(asked), by);
  }

  selection(asked: Omit<Question, 'by' | 'scope'> = {}): Selection {
    return { branches: [EAST, WEST], asOf: LATER, ...asked, generation: this.generation };
  }
}

const scopeTextOf = (scope: Scope): string => {
  const { read, write, refs } = readOnly(scope);
  return [read, write, refs].map((list) => (list === '*' ? list : list.join(','))).join(';');
};
