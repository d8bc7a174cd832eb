import pg from 'pg';

const PREFIX = 'steward_';

/** What a service's database holds. */
export type ServiceContents = Readonly<{ name: string; rows: number; migrations: readonly string[] }>;

/** Connects to one database of the cluster of `adminUrl`, runs `work` and disconnects. */
export async function withDatabase<T>(
  adminUrl: string,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The services that have a database in the cluster, with the number of their rows and their applied migrations. */
export async function contentsOf(adminUrl: string): Promise<ServiceContents[]> {
  const names = await withDatabase(adminUrl, 'postgres', async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1) order by datname',
      [PREFIX],
    );
    return rows.map(({ datname }) => datname.slice(PREFIX.length));
  });
  const contents: ServiceContents[] = [];
  for (const name of names)
    contents.push(await withDatabase(adminUrl, PREFIX + name, (client) => contentOf(name, client)));
  return contents;
}

async function contentOf(name: string, client: pg.Client): Promise<ServiceContents> {
  const tables = await client.query<{ name: string }>(
    `select format('%I', relname) as name from pg_class
     where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname`,
  );
  let rows = 0;
  for (const table of tables.rows) {
    const counted = await client.query<{ n: string }>(`select count(*) n from ${table.name}`);
    rows += Number(counted.rows[0]!.n);
  }
  const kept = tables.rows.some((table) => table.name === 'schema_migration')
    ? (await client.query<{ name: string }>('select name from schema_migration order by name')).rows
    : [];
  return { name, rows, migrations: kept.map((migration) => migration.name) };
}
