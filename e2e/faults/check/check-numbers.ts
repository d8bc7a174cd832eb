import type { ExpectedRows } from '../load/importer.js';
import { accepted, grouped, type Checked, type Evidence, type Finding } from './evidence.js';

type Numbered = { number: string; branch_id: string };
type Counter = { branch_id: string; year: number; last: string };

const NUMBER = /-T-(\d{4})-(\d+)$/;

/** Numbers per branch and year are 1, 2, 3 … without a gap and none twice, and the counter stands at the last. */
export async function checkNumbers({ sql }: Evidence): Promise<Checked> {
  const tickets = await sql<Numbered>('tickets', 'select number, branch_id from ticket');
  const counters = await sql<Counter>(
    'tickets',
    `select branch_id, year, last from number_counter where form = 'T'`,
  );
  const series = grouped(tickets, ({ number, branch_id }) => `${branch_id} ${NUMBER.exec(number)?.[1]}`);
  const findings: Finding[] = [];
  const where = 'steward_tickets.ticket.number';
  for (const [name, members] of series) {
    const numbers = members.map(({ number }) => Number(NUMBER.exec(number)?.[2])).sort((a, b) => a - b);
    numbers.forEach((number, index) => {
      const before = numbers[index - 1] ?? 0;
      if (number !== before + 1)
        findings.push({ what: `series ${name}: ${before} is followed by ${number}`, where });
    });
    const counter = counters.find(({ branch_id, year }) => `${branch_id} ${year}` === name);
    if (Number(counter?.last) !== numbers.at(-1))
      findings.push({
        what: `the counter of ${name} stands at ${counter?.last}, not ${numbers.at(-1)}`,
        where,
      });
  }
  return { name: 'numbers without gaps', rows: tickets.length, findings };
}

type Job = {
  id: string;
  source: string;
  state: string;
  read: number;
  created: number;
  unchanged: number;
  rejected: number;
  stored: number;
  records: number;
};

const JOBS = `
  select j.id, j.source, j.state, j.rows_read read, j.rows_created created, j.rows_unchanged unchanged,
    j.rows_rejected rejected,
    (select count(*)::int from ticket t where t.source = j.source) stored,
    (select count(*)::int from import_record r where r.job_id = j.id) records
  from import_job j`;

/** Each import tells exactly what its file holds, and exactly as many tickets exist as it says it made. */
export async function checkImports({ commands, sql }: Evidence): Promise<Checked> {
  const jobs = new Map((await sql<Job>('tickets', JOBS)).map((job) => [job.source, job]));
  const wanted = commands.filter((command) => accepted(command) && command.path.startsWith('/imports'));
  const findings: Finding[] = [];
  const where = 'steward_tickets.import_job';
  let rows = 0;
  for (const { body, key } of wanted) {
    const { source, expected } = body as { source: string; expected: ExpectedRows };
    const job = jobs.get(source);
    if (!job) {
      findings.push({ what: `the import ${source} is not there`, where: `${where}, command ${key}` });
      continue;
    }
    const { id, state, read, created, unchanged, rejected, stored, records } = job;
    const told = JSON.stringify({ state, read, created, unchanged, rejected, stored, records });
    const { created: all } = expected;
    const right = JSON.stringify({ state: 'done', ...ordered(expected), stored: all, records: all });
    if (told !== right) findings.push({ what: `job ${id} is ${told}, should be ${right}`, where });
    rows += read;
  }
  const [strange] = await sql<{ count: string }>(
    'tickets',
    `select count(*) from ticket where origin = 'import' and source <> all($1)`,
    [wanted.map(({ body }) => (body as { source: string }).source)],
  );
  if (Number(strange!.count) > 0)
    findings.push({ what: `${strange!.count} imported tickets belong to no accepted file`, where });
  return { name: 'imports tell what exists', rows, findings };
}

const ordered = ({ read, created, unchanged, rejected }: ExpectedRows) => ({
  read,
  created,
  unchanged,
  rejected,
});
