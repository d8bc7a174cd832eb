import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@steward/kernel';
import { createTestDatabase, type TestDatabase } from '@steward/testing';
import { GROUP_SCOPE, scopeOf, systemContext, type CallContext, type Scope } from '../context.js';
import { Database, WorkerDatabase } from '../database/database.js';
import { runMigrations } from '../database/migrations.js';
import { platformMigrations } from '../database/platform-migrations.js';
import { Audit } from './audit.js';
import { canonicalJson } from './canonical-json.js';
import { AuditSealer } from './sealer.js';
import { verifyAudit, type AuditPlace, type AuditVerdict } from './verify.js';

const A = newId();
const B = newId();
const now = new Date('2026-03-02T01:00:00Z');

let db: TestDatabase;
let app: Database;
let worker: WorkerDatabase;

const ctx = (scope: Scope): CallContext => systemContext('tester', scope, now);

beforeAll(async () => {
  db = await createTestDatabase('audit', {
    migrate: (ownerUrl, roles) => runMigrations(ownerUrl, platformMigrations, roles),
  });
  app = await Database.connect({ url: db.appUrl, name: 'test' });
  worker = await WorkerDatabase.connect({ url: db.workerUrl, name: 'test-worker' });
});
afterAll(async () => {
  await app?.close();
  await worker?.close();
  await db?.drop();
});

describe('audit trail', () => {
  const audit = new Audit('a key of at least thirty-two characters');
  const person = newId();
  const entry = (branchId: string | null, entityId = newId()) => ({
    branchId,
    entity: 'note',
    entityId,
    action: 'change',
    reason: 'because',
    changes: [
      { field: 'body', from: 'a', to: { b: 1, a: [2, null] } },
      { field: 'phone', from: null, to: '+86 21 5555 0100', personOf: person },
    ],
  });
  const record = (branchId: string | null): Promise<void> =>
    app.transaction(GROUP_SCOPE, (tx) => audit.record(tx, ctx(GROUP_SCOPE), entry(branchId)));
  const seal = () => new AuditSealer(worker, 'platform', () => now).sealAll();

  it('ORG-02 the trail is append-only, also for its owner', async () => {
    await record(A);
    for (const sql of ["update audit set actor = 'x'", 'delete from audit'])
      await expect(app.transaction(GROUP_SCOPE, (tx) => tx.query(sql))).rejects.toMatchObject({
        code: '42501',
      });
    const owner = await Database.connect({ url: db.ownerUrl, name: 'owner' });
    for (const sql of ["update audit set actor = 'x'", 'truncate audit'])
      await expect(owner.transaction(GROUP_SCOPE, (tx) => tx.query(sql))).rejects.toThrow('append-only');
    await owner.close();
  });

  it('ORG-02 chains per branch verify; the unsealed tail is told; tampering is found', async () => {
    await record(A);
    await record(B);
    await record(null);
    const before = await verifyAudit(worker, audit);
    expect(before).toMatchObject({ ok: true, unsealed: 4 });
    expect(await seal()).toBe(4);
    await record(A);
    await seal();
    expect(await verifyAudit(worker, audit)).toMatchObject({ ok: true, sealed: 5, unsealed: 0, faults: [] });

    const admin = await Database.connect({ url: db.adminUrl, name: 'admin' });
    const tamper = async (sql: string, undo: string): Promise<string[]> => {
      await admin.pool.query('alter table audit disable trigger audit_append_only');
      await admin.pool.query(sql);
      const { faults } = await verifyAudit(worker, audit);
      await admin.pool.query(undo);
      await admin.pool.query('alter table audit enable trigger audit_append_only');
      return faults.map((fault) => fault.fault);
    };
    const first = `branch_id = '${A}' and chain_seq = 1`;
    expect(
      await tamper(
        `update audit set reason = 'no' where ${first}`,
        `update audit set reason = 'because' where ${first}`,
      ),
    ).toEqual(['its content or an earlier hash was changed']);
    const last = `branch_id = '${A}' and chain_seq = 3`;
    expect(
      await tamper(
        `create table kept as select * from audit where ${last}; delete from audit where ${last}`,
        'insert into audit overriding system value select * from kept; drop table kept',
      ),
    ).toEqual(['the chain does not reach its head']);
    expect(
      await tamper(
        `update audit_personal set to_value = '"other"'`,
        `update audit_personal set to_value = '"+86 21 5555 0100"'`,
      ),
    ).toContain('the personal value of phone does not fit its digest');
    await admin.close();
    expect(await verifyAudit(worker, audit)).toMatchObject({ ok: true });
  });

  it('ORG-04 erasing a person leaves the chain whole', async () => {
    const gone = await app.transaction(GROUP_SCOPE, (tx) => audit.erasePerson(tx, person));
    expect(gone).toBeGreaterThan(0);
    expect(await verifyAudit(worker, audit)).toMatchObject({ ok: true });
    const rows = await worker.read(GROUP_SCOPE, (tx) =>
      tx.query<{ changes: unknown }>('select changes from audit'),
    );
    expect(canonicalJson(rows)).not.toContain('5555');
  });

  it('ORG-02 heads are published in the transaction that seals', async () => {
    const published: { branchId: string | null; publication: number }[] = [];
    const publish = new AuditSealer(
      worker,
      'platform',
      () => now,
      (_tx, heads) => Promise.resolve(void published.push(...heads)),
      0,
    );
    await record(A);
    await publish.sealAll();
    await record(A);
    await publish.sealAll();
    expect(published.filter(({ branchId }) => branchId === A).map(({ publication }) => publication)).toEqual([
      1, 2,
    ]);
  });

  it('ORG-02 the last head of a chain that fell quiet is published once its time has come, and then no more', async () => {
    const quiet = newId();
    let time = now.getTime();
    const published: { branchId: string | null; sequence: bigint; publication: number }[] = [];
    const sealer = new AuditSealer(
      worker,
      'platform',
      () => new Date(time),
      (_tx, heads) => Promise.resolve(void published.push(...heads)),
      60_000,
    );
    const ofQuiet = () =>
      published.filter((head) => head.branchId === quiet).map((head) => [head.sequence, head.publication]);
    await record(quiet);
    await sealer.sealAll();
    time += 1000;
    await record(quiet);
    await sealer.sealAll();
    expect(ofQuiet()).toEqual([[1n, 1]]);
    time += 60_000;
    expect(await sealer.sealAll()).toBe(0);
    expect(ofQuiet()).toEqual([
      [1n, 1],
      [2n, 2],
    ]);
    time += 600_000;
    await sealer.sealAll();
    expect(ofQuiet()).toHaveLength(2);
  });

  it('ORG-02 a head goes out though the clock was hours ahead when the one before it did', async () => {
    const [branch, ahead] = [newId(), new Date(now.getTime() + 7_200_000)];
    let time = ahead;
    const published: { branchId: string | null; sequence: bigint }[] = [];
    const sealer = new AuditSealer(
      worker,
      'platform',
      () => time,
      (_tx, heads) => Promise.resolve(void published.push(...heads)),
    );
    for (const clock of [ahead, now]) {
      time = clock;
      await record(branch);
      await sealer.sealAll();
    }
    const own = published.filter(({ branchId }) => branchId === branch);
    expect(own.map(({ sequence }) => sequence)).toEqual([1n, 2n]);
  });

  it('ORG-02 a verification in parts recomputes the same rows and finds the same faults', async () => {
    const [C, D] = [newId(), newId()];
    await app.transaction(GROUP_SCOPE, (tx) =>
      audit.recordAll(
        tx,
        ctx(GROUP_SCOPE),
        Array.from({ length: 4500 }, (_, i) => entry(i % 3 === 0 ? C : D)),
      ),
    );
    await seal();
    const inParts = async (rows: number) => {
      const parts: AuditVerdict[] = [];
      for (let after: AuditPlace | undefined, more = true; more;) {
        const part = await verifyAudit(worker, audit, { after, rows });
        parts.push(part);
        after = part.next ?? undefined;
        more = part.next !== null;
      }
      return parts;
    };
    const whole = await verifyAudit(worker, audit);
    const parts = await inParts(1000);
    expect(whole).toMatchObject({ ok: true, next: null });
    expect(parts.length).toBeGreaterThan(4);
    expect(parts.every(({ ok }) => ok)).toBe(true);
    expect(parts.reduce((sum, { sealed }) => sum + sealed, 0)).toBe(whole.sealed);

    const admin = await Database.connect({ url: db.adminUrl, name: 'admin' });
    await admin.pool.query(`alter table audit disable trigger audit_append_only;
      update audit set reason = 'no' where branch_id = '${D}' and chain_seq in (1000, 2001);
      delete from audit where branch_id = '${C}' and chain_seq > 1400`);
    const broken = await verifyAudit(worker, audit);
    expect((await inParts(1000)).flatMap(({ faults }) => faults)).toEqual(broken.faults);
    expect(broken.faults.map(({ branchId, sequence }) => [branchId, sequence])).toEqual([
      [C, '1500'],
      [D, '1000'],
      [D, '2001'],
    ]);
    // A chain whose head was taken away is still found by its rows.
    await admin.pool.query(`delete from audit_head where branch_id = '${D}'`);
    expect((await verifyAudit(worker, audit)).faults).toHaveLength(3);
    await admin.pool.query(`delete from audit where branch_id in ('${C}', '${D}');
      delete from audit_head where branch_id in ('${C}', '${D}');
      alter table audit enable trigger audit_append_only`);
    await admin.close();
  });

  it('ORG-02 a branch reads its own trail only', async () => {
    const rows = await app.read(scopeOf([B]), (tx) =>
      tx.query<{ branch_id: string }>('select branch_id from audit'),
    );
    expect(new Set(rows.map((row) => row.branch_id))).toEqual(new Set([B]));
  });
});
