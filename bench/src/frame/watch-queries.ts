import pg from 'pg';

/** A query as it was handed to the driver. */
export type SentQuery = Readonly<{ name?: string; text: string; values: readonly unknown[] }>;

/** The queries of this process from now on. `find` gives the last that fits and throws when there is none. */
export type QueryWatch = Readonly<{
  find: (fits: (query: SentQuery) => boolean) => SentQuery;
  end: () => void;
}>;

type Query = (this: pg.Client, ...args: unknown[]) => unknown;

const sentOf = ([query, values]: unknown[]): SentQuery | undefined => {
  if (typeof query === 'string') return { text: query, values: Array.isArray(values) ? values : [] };
  const config = query as Partial<SentQuery> | undefined;
  return config?.text === undefined
    ? undefined
    : { ...config, text: config.text, values: config.values ?? [] };
};

/** Watches what this process sends to PostgreSQL, so that a baseline can send the same, whatever that is. */
export function watchQueries(): QueryWatch {
  const sent: SentQuery[] = [];
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const original = pg.Client.prototype.query as Query;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const query = sentOf(args);
    if (query) sent.push(query);
    return original.apply(this, args);
  } as typeof pg.Client.prototype.query;
  return {
    find: (fits) => {
      const found = sent.findLast(fits);
      if (!found) throw new Error('the statement that was waited for was not sent');
      return found;
    },
    end: () => void (pg.Client.prototype.query = original as typeof pg.Client.prototype.query),
  };
}
