import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { clerk, csv, EB1, EB2, ImportHarness, manyRows, partsOf } from '../../test/imports.harness.js';

let on: ImportHarness;

jest.setTimeout(60_000);

beforeAll(async () => {
  on = await ImportHarness.start('imports');
}, 120_000);
afterAll(() => on.stop());
beforeEach(() => on.reset());

describe('an import', () => {
  it('brings good rows in and tells of the others by row, field and reason', async () => {
    const job = await on.run(
      csv([
        '1,Lift,stands still,',
        '2,,no title,',
        '3,Lamp,=HYPERLINK(1),EB1',
        '4,Leak',
        '5,Door,x,ZZ9',
        '1,Lift,stands still,',
        '1,Lift,other,',
      ]),
    );
    expect(job).toMatchObject({
      state: 'done',
      error: null,
      progress: { share: 1 },
      file: { encoding: 'utf-8', format: 'csv' },
    });
    expect(job.rows).toEqual({ read: 7, created: 2, updated: 0, unchanged: 1, rejected: 4, warned: 1 });
    expect(await on.problems(job)).toEqual([
      [3, 'title', 'import.required', 'rejected'],
      [4, 'note', 'import.formula-text', 'warning'],
      [5, null, 'import.wrong-columns', 'rejected'],
      [6, 'branch', 'import.unknown-branch', 'rejected'],
      [8, 'externalId', 'import.changed', 'rejected'],
    ]);
    expect((await on.things()).map(({ title, number }) => [title, number])).toEqual([
      ['Lift', expect.stringMatching(/^EB1-X-20\d\d-/)],
      ['Lamp', expect.anything()],
    ]);
  });

  it('pages through the rows that were rejected', async () => {
    const job = await on.run(csv(Array.from({ length: 12 }, (_, i) => `${i},,x,`)));
    const seen: number[] = [];
    let after: { row: number; seq: number } | undefined;
    for (;;) {
      const page = await on.imports.rows(clerk(), job.id, {
        limit: 5,
        state: 'rejected',
        ...(after ? { after } : {}),
      });
      seen.push(...page.items.map(({ rowNumber }) => rowNumber));
      if (!page.next) break;
      after = { row: seen.at(-1)!, seq: 0 };
    }
    expect(seen).toEqual(Array.from({ length: 12 }, (_, i) => i + 2));
  });

  it('a second time changes nothing; other content is refused, or taken with mode=update', async () => {
    await on.run(csv(['1,Lift,a,', '2,Lamp,b,']));
    expect((await on.run(csv(['1,Lift,a,', '2,Lamp,b,']))).rows).toMatchObject({ unchanged: 2, created: 0 });
    expect((await on.run(csv(['1,Lift,a,', '2,Lamp,c,']))).rows).toMatchObject({ unchanged: 1, rejected: 1 });
    const updated = await on.run(csv(['1,Lift,a,', '2,Lamp,c,', '2,Lamp,d,']), { mode: 'update' });
    expect(updated.rows).toMatchObject({ unchanged: 1, updated: 2, created: 0 });
    expect((await on.things()).map(({ note }) => note)).toEqual(['a', 'd']);
    expect((await on.run(csv(['2,Lamp,d,']))).rows).toMatchObject({ unchanged: 1 });
  });

  it('keeps ids of sources and branches apart', async () => {
    await on.run(csv(['1,Lift,a,']));
    expect((await on.run(csv(['1,Lift,b,']), { source: 'other' })).rows).toMatchObject({ created: 1 });
    expect((await on.run(csv(['1,Lift,b,EB2']), {}, clerk([EB1, EB2]))).rows).toMatchObject({ created: 1 });
  });

  it('ORG-01 rejects a row of a foreign branch as if the branch did not exist', async () => {
    const job = await on.run(csv(['1,Lift,a,EB2', '2,Lamp,b,NOWHERE', '3,Door,c,EB1']));
    expect(job.rows).toMatchObject({ created: 1, rejected: 2 });
    const { items } = await on.imports.rows(clerk(), job.id, { limit: 10 });
    expect(items.map(({ detail }) => detail.replace(/".*"/, '""'))).toEqual([
      items[0]!.detail.replace('EB2', ''),
      items[0]!.detail.replace('EB2', ''),
    ]);
    await expect(on.upload('title\nx\n', { branch: 'EB2' })).rejects.toMatchObject({
      code: 'import.unknown-branch',
    });
    await expect(on.upload('title\nx\n', { branch: 'NOWHERE' })).rejects.toMatchObject({
      code: 'import.unknown-branch',
    });
  });

  it('ORG-01 is seen within its scope only', async () => {
    const job = await on.run(csv(['1,Lift,a,']));
    for (const other of [clerk([EB2]), clerk([EB1], 'engineer'), clerk([])]) {
      await expect(on.imports.get(other, job.id)).rejects.toMatchObject({ code: 'import.not-found' });
      expect(
        (
          await on.imports.list(other, {
            limit: 10,
            sort: { field: 'createdAt', descending: true, text: '-createdAt' },
          })
        ).items,
      ).toEqual([]);
    }
    expect((await on.imports.get(clerk('*', 'hq-auditor'), job.id)).actions).toEqual([]);
    await expect(on.imports.get(clerk(), job.id.replace('things', 'tickets'))).rejects.toMatchObject({
      code: 'import.not-found',
    });
  });

  it('is refused to who has no role for it', async () => {
    await expect(on.upload('title\nx\n', {}, clerk([EB1], 'driver'))).rejects.toMatchObject({
      kind: 'forbidden',
    });
    await expect(on.uploads.receive(clerk(), 'nothing', partsOf('x', {}))).rejects.toMatchObject({
      code: 'import.unknown-kind',
    });
  });

  it('a mapping turns foreign columns into ours', async () => {
    const mapping = {
      source: 'city',
      externalId: 'case',
      branch: { column: 'area', values: { North: 'EB1', South: 'EB2' }, default: 'EB1' },
      fields: {
        title: { column: 'type' },
        openedAt: { column: 'open', date: { zone: 'America/New_York', formats: ['MM/dd/yyyy HH:mm'] } },
      },
    };
    const text =
      'case,area,type,open\n1,North,Lift,07/01/2026 08:00\n2,South,Lamp,02/31/2026 08:00\n3,,Door,03/08/2026 02:30\n4,East,Leak,07/01/2026 08:00\n';
    const job = await on.run(text, { mapping: JSON.stringify(mapping) }, clerk([EB1, EB2]));
    expect(job).toMatchObject({ source: 'city', rows: { created: 1, rejected: 3 } });
    expect(
      (await on.problems(job, clerk([EB1, EB2]))).map(([row, field, code]) => [row, field, code]),
    ).toEqual([
      [3, 'openedAt', 'import.invalid-date'],
      [4, 'openedAt', 'import.nonexistent-time'],
      [5, 'branch', 'import.unknown-value'],
    ]);
  });

  it('a mapping that does not fit is refused with its place, and nothing of the upload stays', async () => {
    const mapping = JSON.stringify({ fields: { titel: { column: 'a' }, note: { colum: 'b' } } });
    await expect(on.upload('a\nx\n', { mapping })).rejects.toMatchObject({
      code: 'import.invalid-mapping',
      fields: expect.arrayContaining([
        expect.objectContaining({ path: 'mapping.fields.note', detail: 'Unrecognized key: "colum"' }),
      ]),
    });
    expect(await on.unfinished()).toBe(0);
  });

  it.each([
    ['a missing column', 'externalId,note\n1,x\n', 'import.missing-column'],
    ['an empty file', '', 'import.empty-file'],
    ['a header only', 'title,note\n', 'import.empty-file'],
    ['another format', '%PDF-1.4', 'import.unsupported-format'],
  ])('fails as a whole on %s', async (_, content, code) => {
    const job = await on.run(content);
    expect(job).toMatchObject({ state: 'failed', error: { code }, rows: { created: 0 } });
    expect(await on.things()).toEqual([]);
  });
});

describe('rows at fault', () => {
  it('do not keep the rest of their batch out', async () => {
    const rows = [
      ...manyRows(20),
      'r,Refused,x,',
      ...manyRows(20, 20),
      'b,Bug,x,',
      'u,Unstorable,x,',
      ...manyRows(20, 40),
    ];
    const job = await on.run(csv(rows));
    expect(job.rows).toMatchObject({ created: 60, rejected: 3 });
    expect((await on.problems(job)).map(([row, , code]) => [row, code])).toEqual([
      [22, 'thing.refused'],
      [43, 'import.row-failed'],
      [44, 'import.row-failed'],
    ]);
    expect((await on.run(csv(['r,Right now,x,']))).rows).toMatchObject({ created: 1 });
  });

  it('ORG-05 take no number', async () => {
    const [first] = (await on.run(csv(['a,First,x,'])), await on.things());
    await on.run(csv(['r,Refused,x,', 'b,Second,x,']));
    const numbers = (await on.things()).map(({ number }) => Number(number.slice(-6)));
    expect(numbers).toEqual([Number(first!.number.slice(-6)), Number(first!.number.slice(-6)) + 1]);
  });
});

describe('a dry run', () => {
  it('finds the same problems and changes nothing, not even numbers', async () => {
    await on.run(csv(['k,Known,x,']));
    const before = await on.things();
    const rows = [
      ...manyRows(120),
      'r,Refused,x,',
      'x3,Title 3,some note,',
      'x4,Other title,some note,',
      'k,Known,x,',
    ];
    const job = await on.run(csv(rows), { dryRun: 'true' });
    expect(job).toMatchObject({ state: 'done', dryRun: true });
    expect(job.rows).toEqual({ read: 124, created: 120, updated: 0, unchanged: 2, rejected: 2, warned: 0 });
    expect(await on.things()).toEqual(before);
    const real = await on.run(csv(rows));
    expect(real.rows).toEqual(job.rows);
    const numbers = (await on.things()).map(({ number }) => Number(number.slice(-6)));
    expect(numbers.at(-1)! - numbers[0]!).toBe(120);
  });
});
