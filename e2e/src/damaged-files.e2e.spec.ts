import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@steward/testing';
import type { ApiClient } from '@steward/tools';
import { aRequest, COLUMNS, hasRealFiles, linesOf, realLines } from '../test/boston-files.js';
import { PlatformUnderTest } from '../test/platform-under-test.js';
import { runCommand } from '../test/run-command.js';

type Job = {
  state: string;
  rows: { read: number; created: number; rejected: number; warned: number };
  error: { code: string; detail: string } | null;
};
type Problem = { rowNumber: number; state: string; field: string | null; code: string };
type Ticket = { externalId: string; content: string };

const MAPPING = resolve(import.meta.dirname, '../../tools/profiles/boston311/mapping.json');
const ROWS = 120;
/** The row that is damaged, as a spreadsheet counts. */
const AT = 50;

const synthetic = (): string[] =>
  linesOf(
    Array.from({ length: ROWS }, (_, i) =>
      aRequest(`${1000 + i}`, {
        open_dt: `2012-01-${10 + (i % 20)} 10:00:00`,
        target_dt: '2012-03-01 10:00:00',
      }),
    ),
  );

let platform: PlatformUnderTest;
let folder: string;
let admin: ApiClient;

beforeAll(async () => {
  platform = await PlatformUnderTest.create();
  folder = await mkdtemp(join(tmpdir(), 'steward-damaged-'));
  await platform.start();
  const { code, stderr } = await runCommand(platform, 'oracle', 'boston311', '--prepare');
  if (code !== 0) throw new Error(stderr);
  admin = await platform.as('hq.admin');
}, 240_000);
afterAll(async () => {
  await platform?.remove();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

/** Imports a file by the command; counts its tickets in the branches and at headquarters. */
async function importCopy(name: string, content: Buffer | string) {
  const file = join(folder, `${name}.csv`);
  const source = name.slice(0, 60);
  await writeFile(file, content);
  const args = ['tickets', file, '--mapping', MAPPING, '--source', source, '--json'];
  const { stdout, stderr } = await runCommand(platform, 'import', ...args);
  if (!stdout.startsWith('{')) throw new Error(`the import said: ${stdout}${stderr}`);
  const { job, rows } = JSON.parse(stdout) as { job: Job; rows: Problem[] };
  const tickets = await ticketsOf(source);
  await eventually(async () => {
    const query = new URLSearchParams({ source, by: '' }).toString();
    const { total } = await admin.get<{ total: { received: number } }>(`/figures/tickets?${query}`);
    return total.received === tickets.length;
  });
  return { job, problems: rows, tickets };
}

async function ticketsOf(source: string): Promise<Ticket[]> {
  const tickets: Ticket[] = [];
  for (let after = ''; ;) {
    const query = new URLSearchParams({ source, limit: '200', ...(after && { after }) }).toString();
    const page = await admin.get<{ items: Ticket[]; next: string | null }>(`/tickets?${query}`);
    tickets.push(...page.items);
    if (page.next === null) return tickets;
    after = page.next;
  }
}

const cellsOf = (line: string): string[] => line.split(',');
const place = (column: string): number => COLUMNS.indexOf(column);

/** The lines with another text in one cell of the damaged row, which holds no quotes. */
function withCell(lines: readonly string[], column: string, text: string): string[] {
  return lines.map((line, index) =>
    index === AT - 1 ? cellsOf(line).with(place(column), text).join(',') : line,
  );
}

const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

/** One row is wrong: it is told of, and every other row is in. */
async function expectOneRejected(
  name: string,
  content: Buffer | string,
  problem: Partial<Problem>,
  rows = ROWS,
) {
  const { job, problems, tickets } = await importCopy(name, content);
  expect(job).toMatchObject({ state: 'done', error: null, rows: { created: rows - 1, rejected: 1 } });
  expect(problems.filter(({ state }) => state === 'rejected')).toMatchObject([{ rowNumber: AT, ...problem }]);
  expect(tickets).toHaveLength(rows - 1);
}

/** The file cannot be understood at all: nothing of it is in. */
async function expectNothing(name: string, content: string, code: string) {
  const { job, tickets } = await importCopy(name, content);
  expect(job).toMatchObject({ state: 'failed', error: { code }, rows: { created: 0 } });
  expect(tickets).toEqual([]);
}

const bases = [
  ['small', synthetic] as const,
  ...(hasRealFiles ? [['real', () => realLines(ROWS)] as const] : []),
];

describe.each(bases)('damaged copies of a %s file', (base, make) => {
  const lines = make();
  const named = (damage: string): string => `${base}-${damage}`;

  it('a missing column: nothing is imported', async () => {
    const gone = place('open_dt');
    const without = lines.map((line) => cellsOf(line).toSpliced(gone, 1).join(','));
    await expectNothing(named('missing-column'), text(without), 'import.missing-column');
  }, 60_000);

  it('an empty file, and one with a header only: nothing is imported', async () => {
    await expectNothing(named('empty'), '', 'import.empty-file');
    const { job } = await importCopy(named('header-only'), text(lines.slice(0, 1)));
    expect(job.rows).toMatchObject({ read: 0, created: 0, rejected: 0 });
  }, 60_000);

  it('a broken quote costs its own row', async () => {
    const broken = text(withCell(lines, 'case_title', '"Rodent Activity'));
    await expectOneRejected(named('broken-quote'), broken, { code: 'import.broken-quote' });
  }, 60_000);

  it('bytes of another encoding cost their own row', async () => {
    const content = Buffer.from(text(withCell(lines, 'case_title', 'Caf§')), 'latin1');
    await expectOneRejected(named('wrong-encoding'), content, { code: 'import.bad-encoding' });
  }, 60_000);

  it('a date that does not exist costs its own row', async () => {
    const content = text(withCell(lines, 'open_dt', '2011-02-30 10:00:00'));
    const problem = { code: 'import.invalid-date', field: 'receivedAt' };
    await expectOneRejected(named('no-such-date'), content, problem);
  }, 60_000);

  it('a duplicate id with other content is refused; with the same content it changes nothing', async () => {
    const other = cellsOf(lines[AT - 2]!)
      .with(place('closure_reason'), 'Another outcome')
      .join(',');
    const twice = lines.toSpliced(AT - 1, 0, other, lines[AT - 2]!);
    const { job, problems, tickets } = await importCopy(named('duplicate-id'), text(twice));
    expect(job.rows).toMatchObject({ read: ROWS + 2, created: ROWS, rejected: 1 });
    expect(problems).toMatchObject([{ rowNumber: AT, code: 'import.changed', field: 'externalId' }]);
    expect(new Set(tickets.map(({ externalId }) => externalId)).size).toBe(ROWS);
  }, 60_000);

  it('10 MB in one field cost their own row', async () => {
    const huge = text(withCell(lines, 'closure_reason', 'x'.repeat(10 * 1024 * 1024)));
    await expectOneRejected(named('huge-field'), huge, { code: 'import.row-too-large' });
    const quoted = text(withCell(lines, 'closure_reason', `"${'x'.repeat(10 * 1024 * 1024)}"`));
    await expectOneRejected(named('huge-quoted-field'), quoted, { code: 'import.row-too-large' });
  }, 120_000);

  it('a spreadsheet formula is kept as text and told of', async () => {
    const formula = '=HYPERLINK(CONCATENATE(A1))';
    const { job, problems, tickets } = await importCopy(
      named('formula'),
      text(withCell(lines, 'case_title', formula)),
    );
    expect(job.rows).toMatchObject({ created: ROWS, rejected: 0, warned: 1 });
    expect(problems).toMatchObject([{ rowNumber: AT, state: 'warning', code: 'import.formula-text' }]);
    expect(tickets.filter(({ content }) => content.startsWith(formula))).toHaveLength(1);
  }, 60_000);
});

describe('after all damage', () => {
  it('every service is ready, and the trails verify', async () => {
    const { gateway } = platform.addresses;
    const health = (await (await fetch(`${gateway}/health/services`)).json()) as { status: string };
    expect(health.status).toBe('ready');
    const auditor = await platform.as('hq.auditor');
    expect(await auditor.get('/audit/tickets/verification')).toMatchObject({ ok: true, faults: [] });
  }, 60_000);
});
