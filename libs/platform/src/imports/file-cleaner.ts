import type { Clock } from '@steward/kernel';
import { GROUP_SCOPE } from '../context.js';
import type { WorkerDatabase } from '../database/database.js';
import type { ImportFiles } from './import-files.js';
import { deleteJob, markFileGone, staleFiles } from './import-job.repository.js';
import type { ImportLimits } from './import-kind.js';

/**
 * Removes what nobody needs any more: uploads that broke off, and the files of jobs that ended long ago (they may hold
 * personal data). Jobs and their reports stay. Gives the number of files removed.
 */
export async function removeStaleFiles(
  parts: Readonly<{ database: WorkerDatabase; files: ImportFiles; clock: Clock; limits: ImportLimits }>,
): Promise<number> {
  const { database, files, clock, limits } = parts;
  const before = (ms: number): Date => new Date(clock.now().getTime() - ms);
  let removed = 0;
  for (;;) {
    const stale = await database.read(GROUP_SCOPE, (tx) =>
      staleFiles(tx, before(limits.abandonedUploadMs), before(limits.keepFilesMs)),
    );
    if (stale.length === 0) return removed;
    for (const job of stale) {
      await files.remove(job.id);
      await database.transaction(GROUP_SCOPE, (tx) =>
        job.state === 'uploading' ? deleteJob(tx, job.id) : markFileGone(tx, job.id, clock.now()),
      );
      removed++;
    }
  }
}
