import { Injectable } from '@nestjs/common';
import { prepared, type Tx } from '@steward/platform';

export type SealedSecret = Readonly<{
  id: string;
  subscriptionId: string;
  sealed: Buffer;
  madeAt: Date;
  expiresAt: Date | null;
}>;

const COLUMNS = `id, subscription_id "subscriptionId", sealed, made_at "madeAt", expires_at "expiresAt"`;

const LIVE = prepared(
  'live-secrets',
  `select ${COLUMNS} from subscription_secret where subscription_id = any ($1)
       and (expires_at is null or expires_at > $2) order by made_at desc, id desc limit 2000`,
);

/** All SQL of signing secrets. */
@Injectable()
export class SecretRepository {
  async insert(tx: Tx, partnerId: string, secret: Omit<SealedSecret, 'expiresAt'>): Promise<void> {
    await tx.query(
      'insert into subscription_secret (id, partner_id, subscription_id, sealed, made_at) values ($1, $2, $3, $4, $5)',
      [secret.id, partnerId, secret.subscriptionId, secret.sealed, secret.madeAt],
    );
  }

  /** The secrets that sign now, the newest first. */
  async live(tx: Tx, subscriptionIds: readonly string[], now: Date): Promise<SealedSecret[]> {
    return tx.query<SealedSecret>(LIVE, [subscriptionIds, now]);
  }

  /** Lets the secrets go on until then at most, and drops those that have expired. */
  async expire(tx: Tx, subscriptionId: string, at: Date, now: Date): Promise<void> {
    await tx.query('delete from subscription_secret where subscription_id = $1 and expires_at <= $2', [
      subscriptionId,
      now,
    ]);
    await tx.query(
      `update subscription_secret set expires_at = least(coalesce(expires_at, 'infinity'), $2::timestamptz)
       where subscription_id = $1`,
      [subscriptionId, at],
    );
  }
}
