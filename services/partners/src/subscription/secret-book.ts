import { Injectable } from '@nestjs/common';
import { newId } from '@steward/kernel';
import type { Tx } from '@steward/platform';
import { SecretBox } from './secret-box.js';
import { SecretRepository } from './secret.repository.js';

/** A secret that signs now. */
export type LiveSecret = Readonly<{ key: Buffer; madeAt: Date; expiresAt: Date | null }>;

/** The signing secrets of subscriptions: made here, stored sealed. */
@Injectable()
export class SecretBook {
  constructor(
    private readonly repository: SecretRepository,
    private readonly box: SecretBox,
  ) {}

  async add(tx: Tx, partnerId: string, subscriptionId: string, now: Date): Promise<void> {
    const id = newId(now.getTime());
    const sealed = this.box.seal(this.box.make(), id);
    await this.repository.insert(tx, partnerId, { id, subscriptionId, sealed, madeAt: now });
  }

  /** A new secret; the old ones go on signing until `overlapEnds`. */
  async rotate(
    tx: Tx,
    partnerId: string,
    subscriptionId: string,
    times: Readonly<{ now: Date; overlapEnds: Date }>,
  ): Promise<void> {
    await this.repository.expire(tx, subscriptionId, times.overlapEnds, times.now);
    await this.add(tx, partnerId, subscriptionId, times.now);
  }

  async drop(tx: Tx, subscriptionId: string, now: Date): Promise<void> {
    await this.repository.expire(tx, subscriptionId, now, now);
  }

  /** The secrets that sign now, by subscription, the newest first. */
  async live(tx: Tx, subscriptionIds: readonly string[], now: Date): Promise<Map<string, LiveSecret[]>> {
    const rows = await this.repository.live(tx, subscriptionIds, now);
    const opened = rows.map(({ id, subscriptionId, sealed, madeAt, expiresAt }) => ({
      subscriptionId,
      secret: { key: this.box.open(sealed, id), madeAt, expiresAt },
    }));
    const bySubscription = Map.groupBy(opened, ({ subscriptionId }) => subscriptionId);
    return new Map([...bySubscription].map(([id, list]) => [id, list.map(({ secret }) => secret)]));
  }
}
