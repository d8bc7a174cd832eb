import pg from 'pg';
import type { TestDatabase } from '../test-database.js';
import { escapes, readingAttacks, writingAttacks, type Attack } from './attacks.js';
import type { Declared } from './declared.js';
import {
  A,
  A1,
  A2,
  B,
  GROUP,
  insertOf,
  SampleRows,
  SITE_A1,
  type ProvedTable,
  type RowOwner,
  type SampleValues,
} from './sample-rows.js';
import { Session, type Said } from './session.js';
import { damage, StoredRows, type Stock } from './stored-rows.js';

export type RowProof = Readonly<{
  /** One sentence for each statement that saw or changed what it must not. */
  faults: readonly string[];
  tables: readonly string[];
  statements: number;
}>;

/** The scopes that are tried: whose rows may be read and changed under each. */
type Trial = Readonly<{
  title: string;
  scope: string;
  site: boolean;
  reads: readonly RowOwner[];
  writes: boolean;
}>;

const branch = A.branch!;
const OF_A = [A, A1, A2];
const TRIALS: readonly Trial[] = [
  { title: 'branch scope', scope: `${branch};${branch};${branch}`, site: false, reads: OF_A, writes: true },
  { title: 'reading scope', scope: `${branch};;${branch}`, site: false, reads: OF_A, writes: false },
  { title: 'site scope', scope: `${SITE_A1};${SITE_A1};${branch}`, site: true, reads: [A1], writes: true },
];

/**
 * Tries on every table under row-level security, found in the catalog, with generated rows of two branches, their
 * sites and the group, whether a role under the scope of branch A sees or changes anything else (ORG-01). Statements
 * are sent as the application's role and as the workers'; what happened is looked up as an administrator.
 */
export async function proveRows(
  database: TestDatabase,
  declared: Declared,
  values: SampleValues = {},
): Promise<RowProof> {
  const admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  const faults: string[] = [];
  let statements = 0;
  try {
    const samples = await SampleRows.of(admin, values);
    const stored = new StoredRows(admin, samples);
    for (const url of [database.appUrl, database.workerUrl]) {
      const proof = new RoleProof(
        admin,
        await Session.open(url),
        samples,
        stored,
        declared,
        database.roles.owner,
      );
      await proof.run();
      faults.push(...proof.faults);
      statements += proof.statements;
    }
    return { faults, tables: samples.tables.map(({ name }) => name), statements };
  } finally {
    await admin.end();
  }
}

/** The proof for one role, table by table. */
class RoleProof {
  readonly faults: string[] = [];
  statements = 0;

  constructor(
    private readonly admin: pg.Client,
    private readonly session: Session,
    private readonly samples: SampleRows,
    private readonly stored: StoredRows,
    private readonly declared: Declared,
    private readonly owner: string,
  ) {}

  async run(): Promise<void> {
    for (const table of this.samples.tables) await this.stored.fill(table);
    await this.admin.query('analyze');
    for (const table of this.samples.tables) {
      await this.withoutScope(table);
      for (const trial of TRIALS) await this.reads(table, trial);
      await this.escapes(table);
      await this.plans(table);
    }
    for (const table of this.samples.tables) for (const trial of TRIALS) await this.writes(table, trial);
    await this.session.close();
  }

  private async attack(scope: string | null, { statements }: Attack): Promise<Said> {
    this.statements += statements.length;
    return this.session.run(scope, ...statements);
  }

  private report(table: ProvedTable, trial: string, attack: string, what: string): void {
    this.faults.push(`${this.session.role}, ${table.name}, ${trial}, ${attack}: ${what}`);
  }

  /** Forgetting the scope fails loudly, on a used connection as on a new one. */
  private async withoutScope(table: ProvedTable): Promise<void> {
    const attacks = [
      ...readingAttacks(table).slice(0, 1),
      ...writingAttacks(table, this.samples, await this.writable(table)),
    ];
    for (const attack of attacks) {
      const said = await this.attack(null, attack);
      if (said.error === null) this.report(table, 'no scope', attack.title, 'was not refused');
      else if (attack.title === 'select' && !/app\.scope is not set|permission denied/.test(said.error))
        this.report(table, 'no scope', attack.title, said.error);
    }
  }

  private readable(table: ProvedTable, trial: Trial): readonly RowOwner[] {
    const group = this.declared.groupRowsRead.includes(table.name) ? [GROUP] : [];
    return [...(trial.site && !table.hasSite ? OF_A : trial.reads), ...group];
  }

  private async reads(table: ProvedTable, trial: Trial): Promise<void> {
    const stock = await this.stored.fill(table);
    const allowed = this.readable(table, trial);
    for (const attack of readingAttacks(table)) {
      const said = await this.attack(trial.scope, attack);
      const leaked = leak(stock, allowed, said);
      if (leaked) this.report(table, trial.title, attack.title, leaked);
      const own =
        table.hasSite || !trial.site ? trial.reads.filter((owner) => table.owners.includes(owner)) : [];
      if (attack.title === 'select' && own.some((owner) => !shows(stock, owner, said)))
        this.report(
          table,
          trial.title,
          attack.title,
          `does not see its own rows (${said.error ?? 'no error'})`,
        );
    }
  }

  private async escapes(table: ProvedTable): Promise<void> {
    for (const attack of escapes(table, this.owner)) {
      const said = await this.attack(TRIALS[0]!.scope, attack);
      if (said.error === null) this.report(table, 'branch scope', attack.title, 'was not refused');
    }
  }

  /** A plan that was made under one scope does not carry it into the next. */
  private async plans(table: ProvedTable): Promise<void> {
    const stock = await this.stored.fill(table);
    const text = `select to_jsonb(t)::text as seen from ${table.name} t`;
    const { scope } = TRIALS[0]!;
    const other = `${B.branch};${B.branch};${B.branch}`;
    await this.session.run(scope, `prepare kept as ${text}`);
    for (let i = 0; i < 6; i += 1) await this.session.run(scope, 'execute kept');
    const said = await this.session.run(other, 'execute kept');
    const unset = await this.session.run(null, 'execute kept');
    await this.session.run(scope, 'deallocate kept');
    this.statements += 9;
    const group = this.declared.groupRowsRead.includes(table.name) ? [GROUP] : [];
    const leaked = leak(stock, [...table.owners.filter(({ branch }) => branch === B.branch), ...group], said);
    if (leaked) this.report(table, 'the next scope', 'a kept plan', leaked);
    if (table.owners.includes(B) && !shows(stock, B, said))
      this.report(table, 'the next scope', 'a kept plan', 'does not see its rows');
    if (unset.error === null) this.report(table, 'no scope', 'a kept plan', 'was not refused');
  }

  private async writes(table: ProvedTable, trial: Trial): Promise<void> {
    let stock = await this.stored.fill(table);
    const touchable = trial.writes ? (trial.site && !table.hasSite ? OF_A : trial.reads) : [];
    for (const attack of writingAttacks(table, this.samples, await this.writable(table))) {
      const said = await this.attack(trial.scope, attack);
      const after = await this.stored.read(table);
      const done = damage(stock, after, touchable) ?? leak(stock, this.readable(table, trial), said);
      if (done) this.report(table, trial.title, attack.title, done);
      if (changed(stock, after)) stock = await this.stored.fill(table);
    }
    if (trial === TRIALS[0]) await this.ownInsert(table);
  }

  /** The control: what is refused for another branch goes through for one's own, so it was refused for the branch. */
  private async ownInsert(table: ProvedTable): Promise<void> {
    const { rows } = await this.admin.query<{ may: boolean }>(
      "select has_table_privilege($1, $2, 'INSERT') as may",
      [this.session.role, table.name],
    );
    if (!rows[0]!.may) return;
    const said = await this.session.run(TRIALS[0]!.scope, insertOf(table, this.samples.make(table, A)));
    if (said.error !== null && !this.declared.notAlone.includes(table.name))
      this.report(table, 'branch scope', 'insert of its own', said.error);
  }

  private async writable(table: ProvedTable): Promise<string> {
    const { rows } = await this.admin.query<{ name: string }>(
      `select attname as name from pg_attribute where attrelid = $2::regclass and attnum > 0 and not attisdropped
         and attidentity = '' and has_column_privilege($1, attrelid, attnum, 'UPDATE') order by attnum desc limit 1`,
      [this.session.role, table.name],
    );
    return rows[0]?.name ?? table.columns.at(-1)!.name;
  }
}

const tokens = (content: string): string[] =>
  Object.values(JSON.parse(content) as Record<string, unknown>)
    .flat()
    .filter((value): value is string => typeof value === 'string' && value.length > 6);

/** Whether anything that was said holds a value that stands only in rows of others. */
function leak({ rows, ownerOf }: Stock, allowed: readonly RowOwner[], said: Said): string | null {
  const own = rows.filter((row) => allowed.includes(ownerOf.get(row.content)!));
  const known = new Set(own.flatMap((row) => tokens(row.content)));
  const text = [...said.rows, ...said.notices, said.error ?? ''].join('\n');
  for (const row of rows) {
    if (own.includes(row)) continue;
    const telling = tokens(row.content).filter((token) => !known.has(token));
    if (telling.some((token) => text.includes(token)))
      return `shows a row of ${ownerOf.get(row.content)!.name}`;
  }
  return null;
}

const shows = ({ rows, ownerOf }: Stock, owner: RowOwner, said: Said): boolean =>
  rows.some((row) => ownerOf.get(row.content) === owner && said.rows.includes(row.content));

const changed = (before: Stock, after: readonly { content: string; written: string }[]): boolean =>
  JSON.stringify(before.rows) !== JSON.stringify(after);
