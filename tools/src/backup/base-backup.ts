import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { BackupError } from './backup-error.js';
import { CONTROL_FILE, isCopiedFile, isCopiedFolder, walSegments } from './cluster-files.rules.js';
import { withDatabase } from './contents.js';
import type { Cluster } from './cluster.js';
import { copyFile, markOf, type FileMark } from './copy-file.js';
import { listTree, severalAtOnce } from './file-tree.js';
import { sameMark, writeSynced } from './manifest.js';

/** A physical copy of a cluster: its folders and files by path, and how far it reaches in the log of changes. */
export type BaseBackup = Readonly<{
  folders: readonly string[];
  files: ReadonlyMap<string, FileMark>;
  begunAt: string;
  untilLsn: string;
  postgres: number;
}>;

export type CopyProgress = (copied: number, all: number) => void;

const SEGMENT_BYTES = 16 << 20;
const CONTROL_TRIES = 20;

/**
 * Copies a running cluster to `target`, all databases as of one point in time, by PostgreSQL's low-level backup: between
 * start and stop the files are copied as they come, and the log of changes from start to stop, which is copied as well,
 * makes them whole when the copy is first started. A temporary replication slot keeps that log until we have it; slot and
 * backup end with our connection, whatever happens.
 */
export async function copyCluster(
  cluster: Cluster,
  target: string,
  progress: CopyProgress,
): Promise<BaseBackup> {
  return withDatabase(cluster.url, 'postgres', async (client) => {
    const postgres = await checkServer(client);
    await client.query('select pg_create_physical_replication_slot($1, true, true)', [
      `steward_backup_${process.pid}`,
    ]);
    const begun = await client.query<{ segment: string; at: Date }>(
      `select pg_walfile_name(pg_backup_start('steward', true)) segment, clock_timestamp() at`,
    );
    const files = new Map<string, FileMark>();
    const { folders } = await copyData(cluster.data, target, files, progress);
    const ended = await client.query<{ lsn: string; segment: string; label: string; map: string | null }>(
      'select lsn::text, pg_walfile_name(lsn) segment, labelfile label, spcmapfile map from pg_backup_stop(false)',
    );
    const { lsn, segment, label } = ended.rows[0]!;
    await writeSynced(join(target, 'backup_label'), label);
    files.set('backup_label', (await markOf(join(target, 'backup_label')))!);
    await copyWal(cluster.data, target, walSegments(begun.rows[0]!.segment, segment), files);
    return { folders, files, begunAt: begun.rows[0]!.at.toISOString(), untilLsn: lsn, postgres };
  });
}

/** Bytes that a copy will take, about. */
export async function clusterBytes(cluster: Cluster): Promise<number> {
  const { files } = await listTree(cluster.data, { enters: isCopiedFolder, takes: isCopiedFile });
  return [...files.values()].reduce((sum, size) => sum + size, 0) + 4 * SEGMENT_BYTES;
}

async function checkServer(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ version: string; segment: string; spaces: string; level: string }>(
    `select current_setting('server_version_num') version, current_setting('wal_level') level,
       (select setting from pg_settings where name = 'wal_segment_size') segment,
       (select count(*) from pg_tablespace where spcname not in ('pg_default', 'pg_global')) spaces`,
  );
  const { version, segment, spaces, level } = rows[0]!;
  if (Number(spaces) > 0)
    throw new BackupError(
      'The cluster has tablespaces, which lie outside of its folder; they cannot be backed up.',
    );
  if (Number(segment) !== SEGMENT_BYTES || level === 'minimal')
    throw new BackupError('The server keeps its log of changes in another way than the embedded one does.');
  return Math.floor(Number(version) / 10_000);
}

async function copyData(
  data: string,
  target: string,
  files: Map<string, FileMark>,
  progress: CopyProgress,
): Promise<Readonly<{ folders: readonly string[] }>> {
  const tree = await listTree(data, { enters: isCopiedFolder, takes: isCopiedFile });
  const folders = [...tree.folders, 'pg_wal/archive_status', 'pg_wal/summaries'];
  for (const folder of folders) await mkdir(join(target, folder), { recursive: true, mode: 0o700 });
  const all = [...tree.files.values()].reduce((sum, size) => sum + size, 0);
  let copied = 0;
  await severalAtOnce(
    [...tree.files].filter(([path]) => path !== CONTROL_FILE),
    async ([path, size]) => {
      const mark = await copyFile(join(data, path), join(target, path));
      if (mark) files.set(path, mark);
      progress((copied += size), all);
    },
  );
  files.set(CONTROL_FILE, await copyControlFile(data, target));
  return { folders };
}

/** The server writes it whole now and then; read twice alike, it was not read in the middle of that. */
async function copyControlFile(data: string, target: string): Promise<FileMark> {
  for (let tries = 0; tries < CONTROL_TRIES; tries += 1) {
    const mark = await copyFile(join(data, CONTROL_FILE), join(target, CONTROL_FILE));
    const again = await markOf(join(data, CONTROL_FILE));
    if (mark && again && sameMark(mark, again)) return mark;
  }
  throw new BackupError(`${CONTROL_FILE} changes all the time and could not be copied whole.`);
}

async function copyWal(
  data: string,
  target: string,
  segments: readonly string[],
  files: Map<string, FileMark>,
): Promise<void> {
  for (const segment of segments) {
    const path = `pg_wal/${segment}`;
    const mark = await copyFile(join(data, path), join(target, path));
    if (mark?.bytes !== SEGMENT_BYTES)
      throw new BackupError(`The log of changes is not whole: ${segment} is missing. Try again.`);
    files.set(path, mark);
  }
}
