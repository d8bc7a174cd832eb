import pg from 'pg';

export type Said = Readonly<{ rows: string[]; notices: string[]; error: string | null }>;

/** A statement with its values, as the driver takes it. */
export type Statement = string | Readonly<{ text: string; values: unknown[] }>;

type CopyConnection = { on(event: 'copyData', listener: (message: { chunk: Buffer }) => void): void };

/** A session of one database role that remembers everything it is told. */
export class Session {
  private rows: string[] = [];
  private notices: string[] = [];

  private constructor(
    private readonly client: pg.Client,
    readonly role: string,
  ) {}

  static async open(url: string): Promise<Session> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const session = new Session(client, decodeURIComponent(new URL(url).username));
    client.on('notice', (notice) => session.notices.push(notice.message ?? ''));
    const { connection } = client as unknown as { connection: CopyConnection };
    connection.on('copyData', ({ chunk }) => session.rows.push(chunk.toString().trimEnd()));
    await client.query('set client_min_messages = notice');
    return session;
  }

  /** Runs statements in one transaction under a scope (null: none is set) and commits; an error rolls back. */
  async run(scope: string | null, ...statements: readonly Statement[]): Promise<Said> {
    this.rows = [];
    this.notices = [];
    let error: string | null = null;
    try {
      await this.client.query('begin');
      if (scope !== null) await this.client.query('select set_config($1, $2, true)', ['app.scope', scope]);
      for (const statement of statements) {
        const { rows } = await this.client.query<{ seen?: string }>(statement as string);
        this.rows.push(...(rows ?? []).flatMap(({ seen }) => seen ?? []));
      }
      await this.client.query('commit');
    } catch (caught) {
      error = caught instanceof Error ? caught.message : String(caught);
      await this.client.query('rollback');
    }
    return { rows: this.rows, notices: this.notices, error };
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}
