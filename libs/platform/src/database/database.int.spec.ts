import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@steward/kernel';
import { createTestDatabase, type TestDatabase } from '@steward/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  Audit,
  AuditSealer,
  canonicalJson,
  verifyAudit,
  type AuditPlace,
  type AuditVerdict,
} from '../audit/index.js';
import { Commands } from '../commands/commands.js';
import { GROUP_SCOPE, scopeOf, systemContext, type CallContext, type Scope } from '../context.js';
import { nextNumbers } from '../numbering/numbering.js';
import { Scheduler } from '../scheduler/scheduler.js';
import { Database, hotStatement, WorkerDatabase } from './database.js';
import { runMigrations } from './migrations.js';
import { platformMigrations } from './platform-migrations.js';
import { branchTable, groupTable, plumbingTable, referenceTable } from './row-security.js';

class Fixture1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table note (id uuid primary key, branch_id uuid not null, site_id uuid, body text not null);
      ${branchTable('note', { site: true })}
      create table label (id uuid primary key, branch_id uuid not null);
      ${referenceTable('label')}
      create table catalogue (id uuid primary key);
      ${groupTable('catalogue')}
      create table pipe (id int);
      ${plumbingTable('pipe', { appMayInsert: true })}`);
  }

  down(): Promise<void> {
    return Promise.resolve();
  }
}

const A = newId();
const B = newId();
const SITE = newId();
const now = new Date('2026-03-02T01:00:00Z');

let db: TestDatabase;
let app: Database;
let worker: WorkerDatabase;

const ctx = (scope: Scope, more: Partial<CallContext> = {}): CallContext => ({
  ...systemContext('tester', scope, now),
  ...more,
});
const add = (scope: Scope, branch: string, site: string | null = null): Promise<string> =>
  app.transaction(scope, async (tx) => {
    const id = newId();
    await tx.query('insert into note (id, branch_id, site_id, body) values ($1, $2, $3, $4)', [
      id,
      branch,
      site,
      'x',
    ]);
    return id;
  });
const ids = (scope: Scope): Promise<string[]> =>
  app.read(scope, async (tx) =>
    (await tx.query<{ id: string }>('select id from note order by id')).map((row) => row.id),
  );

beforeAll(async () => {
  db = await createTestDatabase('platform', {
    template: 'platform-fixture-3',
    migrate: (ownerUrl, roles) =>
      runMigrations(ownerUrl, [...platformMigrations, Fixture1700000000001], roles),
  });
  app = await Database.connect({ url: db.appUrl, name: 'test' });
  worker = await WorkerDatabase.connect({ url: db.workerUrl, name: 'test-worker' });
});
afterAll(async () => {
  await app?.close();
  await worker?.close();
  await db?.drop();
});

describe('scope in the database', () => {
  it('ORG-01 rows of another branch are neither seen nor changed nor made', async () => {
    const own = await add(scopeOf([A]), A);
    const other = await add(scopeOf([B]), B);
    expect(await ids(scopeOf([A]))).toContain(own);
    expect(await ids(scopeOf([A]))).not.toContain(other);
    expect(await ids(GROUP_SCOPE)).toEqual(expect.arrayContaining([own, other]));
    await expect(add(scopeOf([A]), B)).rejects.toMatchObject({ code: '42501' });
    const changed = await app.transaction(scopeOf([A]), (tx) =>
      tx.query('update note set body = $2 where id = $1 returning id', [other, 'taken']),
    );
    expect(changed).toEqual([]);
  });

  it('ORG-01 a caller bound to a site sees the rows of the site and the reference data of its branch', async () => {
    const atSite = await add(scopeOf([A]), A, SITE);
    const elsewhere = await add(scopeOf([A]), A);
    const scope = scopeOf([SITE], [A]);
    expect(await ids(scope)).toEqual([atSite]);
    expect(await ids(scope)).not.toContain(elsewhere);
    const label = newId();
    await app.transaction(scopeOf([A]), (tx) => tx.query('insert into label values ($1, $2)', [label, A]));
    const seen = await app.read(scope, (tx) => tx.query('select id from label'));
    expect(seen).toEqual([{ id: label }]);
    await expect(
      app.transaction(scope, (tx) => tx.query('insert into label values ($1, $2)', [newId(), A])),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('ORG-01 group rows are read by all and written under group scope only', async () => {
    await expect(
      app.transaction(scopeOf([A]), (tx) => tx.query('insert into catalogue values ($1)', [newId()])),
    ).rejects.toMatchObject({ code: '42501' });
    await app.transaction(GROUP_SCOPE, (tx) => tx.query('insert into catalogue values ($1)', [newId()]));
    expect(await app.read(scopeOf([A]), (tx) => tx.query('select * from catalogue'))).toHaveLength(1);
  });

  it('ORG-01 without a scope every access fails loudly, also on a used connection', async () => {
    for (let i = 0; i < 8; i++)
      await expect(app.pool.query('select * from note')).rejects.toMatchObject({ code: '42501' });
  });

  it('a reading transaction cannot write', async () => {
    await expect(
      app.read(GROUP_SCOPE, (tx) =>
        tx.query('insert into note values ($1, $2, null, $3)', [newId(), A, 'x']),
      ),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('plumbing is not readable by the application role, which may insert where it was granted', async () => {
    await app.transaction(GROUP_SCOPE, (tx) => tx.query('insert into pipe values (1)'));
    await expect(app.read(GROUP_SCOPE, (tx) => tx.query('select * from pipe'))).rejects.toMatchObject({
      code: '42501',
    });
    expect(await worker.read(GROUP_SCOPE, (tx) => tx.query('select * from pipe'))).toHaveLength(1);
    await expect(app.read(GROUP_SCOPE, (tx) => tx.query('select * from idempotency'))).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('the one-round-trip form writes under its scope, refuses another branch and leaks no scope', async () => {
    const statement = hotStatement(
      'note-hot',
      `with scope as materialized (select set_config('app.scope', $1, true) v)
       insert into note (id, branch_id, body) select $2, $3, 'hot' from scope where v is not null returning id`,
    );
    const id = newId();
    expect(await app.statement(scopeOf([A]), statement, [id, A])).toEqual([{ id }]);
    await expect(app.statement(scopeOf([A]), statement, [newId(), B])).rejects.toMatchObject({
      code: '42501',
    });
    await expect(app.pool.query('select * from note')).rejects.toMatchObject({ code: '42501' });
    expect(() => hotStatement('bad', 'insert into note select 1')).toThrow('scope CTE');
  });

  it('refuses a scope that is not made of ids', async () => {
    await expect(ids(scopeOf(["a'; drop table note; --"]))).rejects.toThrow('not a unit id');
  });

  it('hooks run after the commit and not after a rollback', async () => {
    const seen: string[] = [];
    await app.transaction(GROUP_SCOPE, (tx) =>
      Promise.resolve(tx.afterCommit(() => void seen.push('committed'))),
    );
    await app
      .transaction(GROUP_SCOPE, (tx) => {
        tx.afterCommit(() => void seen.push('never'));
        return Promise.reject(new Error('no'));
      })
      .catch(() => undefined);
    expect(seen).toEqual(['committed']);
  });
});

describe('numbers', () => {
  it('ORG-05 numbers are continuous per branch and year, and a rollback gives its number back', async () => {
    const series = { branchId: B, branchCode: 'EB2', form: 'T', year: 2026 };
    const take = (count = 1) => app.transaction(scopeOf([B]), (tx) => nextNumbers(tx, series, count));
    expect(await take()).toEqual(['EB2-T-2026-000001']);
    await app
      .transaction(scopeOf([B]), async (tx) => {
        await nextNumbers(tx, series);
        throw new Error('withdrawn');
      })
      .catch(() => undefined);
    expect(await take(2)).toEqual(['EB2-T-2026-000002', 'EB2-T-2026-000003']);
    const many = await Promise.all(Array.from({ length: 20 }, () => take()));
    expect(new Set(many.flat()).size).toBe(20);
    expect(await take()).toEqual(['EB2-T-2026-000024']);
    expect(await app.transaction(scopeOf([B]), (tx) => nextNumbers(tx, { ...series, year: 2027 }))).toEqual([
      'EB2-T-2027-000001',
    ]);
  });

  it('ORG-05 no number for a branch out of scope; a site takes numbers of its branch', async () => {
    const series = { branchId: B, branchCode: 'EB2', form: 'V', year: 2026 };
    await expect(app.transaction(scopeOf([A]), (tx) => nextNumbers(tx, series))).rejects.toMatchObject({
      code: '42501',
    });
    await expect(
      app.transaction({ read: [B], write: [], refs: [B] }, (tx) => nextNumbers(tx, series)),
    ).rejects.toMatchObject({
      code: '42501',
    });
    expect(await app.transaction(scopeOf([SITE], [B]), (tx) => nextNumbers(tx, series))).toEqual([
      'EB2-V-2026-000001',
    ]);
  });
});

describe('idempotency', () => {
  const commands = (): Commands => new Commands(app);
  const keyed = (key: string, hash = 'h') =>
    ctx(scopeOf([A]), { idempotency: { key, route: 'POST /x', hash } });

  it('a repeat gets the stored answer and has no second effect', async () => {
    let runs = 0;
    const run = () => commands().execute(keyed('k1'), () => Promise.resolve({ n: ++runs }));
    expect([await run(), await run()]).toEqual([{ n: 1 }, { n: 1 }]);
    await expect(commands().execute(keyed('k1', 'other'), () => Promise.resolve(1))).rejects.toMatchObject({
      kind: 'unprocessable',
      code: 'idempotency.key-reused',
    });
  });

  it('a repeat gets the stored answer to the byte, fields in their order', async () => {
    const answer = {
      number: 'EB1-T-2026-000001',
      id: 'x',
      branchId: 'y',
      nested: { zz: 1, a: [{ c: 1, b: 2 }] },
    };
    const run = () => commands().execute(keyed('k1-order'), () => Promise.resolve(answer));
    expect(JSON.stringify([await run(), await run()])).toBe(JSON.stringify([answer, answer]));
  });

  it('twenty at once run once: the others wait for the first', async () => {
    let runs = 0;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        commands().execute(keyed('k2'), async (tx) => {
          await tx.query('select pg_sleep(0.05)');
          return { n: ++runs };
        }),
      ),
    );
    expect(new Set(answers.map((answer) => answer.n))).toEqual(new Set([1]));
  });

  it('an error stores nothing, so a repeat tries again', async () => {
    let runs = 0;
    const run = () =>
      commands().execute(keyed('k3'), () =>
        ++runs === 1 ? Promise.reject(new Error('first')) : Promise.resolve(runs),
      );
    await expect(run()).rejects.toThrow('first');
    expect(await run()).toBe(2);
  });
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

describe('scheduler', () => {
  it('runs work in one copy at a time and goes on after a failure', async () => {
    let inside = 0;
    let most = 0;
    let turns = 0;
    const work = {
      name: 'only-one',
      everyMs: 1,
      run: async () => {
        most = Math.max(most, ++inside);
        turns++;
        await worker.read(GROUP_SCOPE, (tx) => tx.query('select pg_sleep(0.01)'));
        inside--;
        if (turns % 3 === 0) throw new Error('now and then');
      },
    };
    const copies = [new Scheduler(worker), new Scheduler(worker)];
    for (const copy of copies) copy.start(work);
    const { eventually } = await import('@steward/testing');
    await eventually(() => turns >= 9 || Promise.reject(new Error(`only ${turns} turns`)));
    await Promise.all(copies.map((copy) => copy.stop()));
    expect(most).toBe(1);
  });
});
