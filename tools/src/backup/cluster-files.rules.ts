// What a physical copy of a running PostgreSQL cluster holds (PostgreSQL documentation, "Backing Up the Data Directory").

/** Folders of which only the folder itself is copied: the server fills them anew, or they must not be taken over. */
const EMPTIED = new Set([
  'pg_dynshmem',
  'pg_notify',
  'pg_replslot',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
  'pg_wal',
]);

/** Files of the running server, and of an earlier backup. */
const LEFT_OUT = new Set([
  'postmaster.pid',
  'postmaster.opts',
  'backup_label',
  'backup_label.old',
  'tablespace_map',
  'tablespace_map.old',
  'postgresql.auto.conf.tmp',
  'current_logfiles.tmp',
]);

const TEMPORARY_RELATION = /^t\d+_\d+(_\w+)?(\.\d+)?$/;

/** The file that says how far the cluster has come; copied after all others. */
export const CONTROL_FILE = 'global/pg_control';

/** Whether the contents of a folder of the cluster are copied. `path` is relative, with `/`. */
export const isCopiedFolder = (path: string): boolean =>
  !EMPTIED.has(path) && !(path.split('/').at(-1) ?? '').startsWith('pgsql_tmp');

/** Whether a file of the cluster is copied. `path` is relative, with `/`. */
export function isCopiedFile(path: string): boolean {
  const name = path.split('/').at(-1) ?? '';
  if (!path.includes('/') && LEFT_OUT.has(name)) return false;
  return (
    !name.startsWith('pgsql_tmp') && !name.startsWith('pg_internal.init') && !TEMPORARY_RELATION.test(name)
  );
}

/** The segments of the write-ahead log from the first to the last, both included, by name; for 16 MiB segments. */
export function walSegments(first: string, last: string): string[] {
  const timeline = first.slice(0, 8);
  if (last.slice(0, 8) !== timeline) throw new Error('the timeline changed during the backup');
  const numberOf = (name: string): number =>
    parseInt(name.slice(8, 16), 16) * 256 + parseInt(name.slice(16), 16);
  const hex = (value: number): string => value.toString(16).toUpperCase().padStart(8, '0');
  const names: string[] = [];
  for (let at = numberOf(first); at <= numberOf(last); at += 1)
    names.push(timeline + hex(Math.floor(at / 256)) + hex(at % 256));
  return names;
}
