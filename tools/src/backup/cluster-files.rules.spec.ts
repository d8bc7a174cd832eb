import { describe, expect, it } from '@jest/globals';
import { CONTROL_FILE, isCopiedFile, isCopiedFolder, walSegments } from './cluster-files.rules.js';

describe('the files of a running cluster', () => {
  it.each([
    ['base/16384/2619', true],
    ['base/16384/2619_fsm', true],
    ['base/16384/t3_16401', false],
    ['base/16384/t12_16401_vm', false],
    ['base/16384/t12_16401.1', false],
    ['base/16384/pg_internal.init', false],
    ['base/pgsql_tmp/pgsql_tmp123.0', false],
    ['global/pg_control', true],
    ['postgresql.conf', true],
    ['postmaster.pid', false],
    ['postmaster.opts', false],
    ['backup_label', false],
    ['backup_label.old', false],
    ['tablespace_map', false],
    ['tablespace_map.old', false],
    ['postgresql.auto.conf.tmp', false],
    ['current_logfiles.tmp', false],
    ['base/16384/backup_label', true],
    ['base/16384/pg_internal.init.1234', false],
    ['base/16384/t12_16401.12', false],
    ['base/16384/xt12_16401', true],
    ['base/16384/t12_16401-x', true],
    ['base/16384/my_pgsql_tmp', true],
    ['pg_xact/0000', true],
  ])('%s is copied: %s', (path, copied) => expect(isCopiedFile(path)).toBe(copied));

  it.each([
    ['pg_wal', false],
    ['pg_replslot', false],
    ['pg_dynshmem', false],
    ['pg_notify', false],
    ['pg_serial', false],
    ['pg_snapshots', false],
    ['pg_stat_tmp', false],
    ['pg_subtrans', false],
    ['base/pgsql_tmp1.fileset', false],
    ['pgsql_tmp/inner', true],
    ['base/16384', true],
    ['base/pgsql_tmp', false],
    ['pg_multixact/members', true],
  ])('the contents of %s are copied: %s', (path, copied) => expect(isCopiedFolder(path)).toBe(copied));
});

it('the control file is the one that PostgreSQL reads first', () => {
  expect(CONTROL_FILE).toBe('global/pg_control');
});

describe('the segments of the log of changes', () => {
  it('run from the first to the last, over the end of a block of 256', () => {
    expect(walSegments('0000000100000000000000FE', '000000010000000100000001')).toEqual([
      '0000000100000000000000FE',
      '0000000100000000000000FF',
      '000000010000000100000000',
      '000000010000000100000001',
    ]);
    expect(walSegments('000000010000000A00000007', '000000010000000A00000007')).toHaveLength(1);
  });

  it('of two timelines do not belong together', () => {
    expect(() => walSegments('000000010000000000000001', '000000020000000000000002')).toThrow('timeline');
  });
});
