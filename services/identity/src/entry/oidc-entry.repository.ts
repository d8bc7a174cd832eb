import { errors, type Adapter, type AdapterFactory, type AdapterPayload } from 'oidc-provider';
import type { Pool } from 'pg';

const ALIVE = '(expires_at is null or expires_at > clock_timestamp())';

/** The provider's sessions, grants, codes and refresh tokens of one model, as rows of `oidc_entry`. */
class OidcEntryRepository implements Adapter {
  constructor(
    private readonly pool: Pool,
    private readonly model: string,
  ) {}

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    await this.pool.query(
      `insert into oidc_entry (model, id, payload, uid, grant_id, expires_at)
       values ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(secs => $6))
       on conflict (model, id) do update set payload = excluded.payload, uid = excluded.uid,
         grant_id = excluded.grant_id, expires_at = excluded.expires_at`,
      [
        this.model,
        id,
        JSON.stringify(payload),
        payload.uid ?? null,
        payload.grantId ?? null,
        expiresIn ?? null,
      ],
    );
  }

  find(id: string): Promise<AdapterPayload | undefined> {
    return this.one('id = $2', id);
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.one('uid = $2', uid);
  }

  /** User codes belong to the device flow, which is off. */
  findByUserCode(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** Marks a code or refresh token as used. Of two exchanges at once the second is refused here. */
  async consume(id: string): Promise<void> {
    const { rowCount } = await this.pool.query(
      `update oidc_entry
       set payload = payload || jsonb_build_object('consumed', floor(extract(epoch from clock_timestamp()))::bigint)
       where model = $1 and id = $2 and not payload ? 'consumed'`,
      [this.model, id],
    );
    if (rowCount === 0) throw new errors.InvalidGrant('already used');
  }

  async destroy(id: string): Promise<void> {
    await this.pool.query('delete from oidc_entry where model = $1 and id = $2', [this.model, id]);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.pool.query('delete from oidc_entry where model = $1 and grant_id = $2', [this.model, grantId]);
  }

  private async one(condition: string, value: string): Promise<AdapterPayload | undefined> {
    if (value.includes('\0')) return undefined; // text of PostgreSQL cannot hold it, so no row has such an id
    const { rows } = await this.pool.query<{ payload: AdapterPayload }>(
      `select payload from oidc_entry where model = $1 and ${condition} and ${ALIVE}`,
      [this.model, value],
    );
    return rows[0]?.payload;
  }
}

/** The provider's storage, one adapter per model over one table. */
export const oidcEntries =
  (pool: Pool): AdapterFactory =>
  (model) =>
    new OidcEntryRepository(pool, model);

/** Deletes what has expired; gives the number of rows. */
export async function deleteExpiredEntries(pool: Pool): Promise<number> {
  const { rowCount } = await pool.query('delete from oidc_entry where expires_at <= clock_timestamp()');
  return rowCount ?? 0;
}
