import { join } from 'node:path';
import { askRepublication } from '@steward/messaging';
import { Audit, GROUP_SCOPE, systemContext, WorkerDatabase } from '@steward/platform';
import { startPostgres } from '@steward/testing';
import { prepareDatabases } from '../runner/databases.js';
import { StateFolder } from '../runner/state.js';
import { BackupError } from './backup-error.js';
import { withDatabase } from './contents.js';
import type { Manifest } from './manifest.js';

export type Recovery = Readonly<{ stage: string; manifest: Manifest; reason: string; now: Date }>;

/**
 * Starts the copied cluster once: it recovers to the end of the log that was copied with it. Then every service with an
 * event history is asked to publish it again, which its relay does at its next start before anything newer.
 */
export async function recoverCluster({ stage, manifest, reason, now }: Recovery): Promise<void> {
  const state = new StateFolder(stage);
  const engine = await startPostgres({ dataDir: join(stage, 'postgres') });
  try {
    await checkReached(engine.url, manifest);
    const names = manifest.services.map(({ name }) => name);
    const urls = await prepareDatabases(engine.url, names, (role) => state.databasePassword(role));
    const audit = new Audit(state.secrets().auditKey);
    const ctx = systemContext('restore', GROUP_SCOPE, now);
    for (const service of names) {
      if (!(await hasOutbox(engine.url, service))) continue;
      const database = await WorkerDatabase.connect<WorkerDatabase>({
        url: urls[service]!.worker,
        name: 'restore',
      });
      try {
        await database.transaction(GROUP_SCOPE, (tx) =>
          askRepublication(tx, ctx, audit, { service, reason }),
        );
      } finally {
        await database.close();
      }
    }
  } finally {
    await engine.stop();
  }
}

async function checkReached(url: string, { untilLsn }: Manifest): Promise<void> {
  const [row] = await withDatabase(
    url,
    'postgres',
    async (client) =>
      (
        await client.query<{ reached: boolean }>('select pg_current_wal_lsn() >= $1::pg_lsn as reached', [
          untilLsn,
        ])
      ).rows,
  );
  if (!row!.reached)
    throw new BackupError('The databases did not recover to the end of the backup; it is of no use.');
}

const hasOutbox = (url: string, service: string): Promise<boolean> =>
  withDatabase(url, `steward_${service}`, async (client) => {
    const { rows } = await client.query<{ there: boolean }>(
      `select to_regclass('public.outbox') is not null as there`,
    );
    return rows[0]!.there;
  });
