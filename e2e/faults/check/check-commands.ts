import type { Command } from '../ledger.js';
import { accepted, compareByKey, grouped, type Checked, type Evidence, type Finding } from './evidence.js';

/** Every command got a final answer, and none was refused: the load generator asks only for what is allowed. */
export function checkAnswers({ commands }: Evidence): Checked {
  const findings: Finding[] = [];
  for (const { key, method, path, status, code, repeats, login } of commands) {
    const where = `command ${key} (${login} ${method} ${path})`;
    if (status === undefined) findings.push({ what: 'a command was never answered', where });
    else if (status >= 300) findings.push({ what: `a legal command was refused: ${status} ${code}`, where });
    for (const after of repeats.filter((reason) => reason.startsWith('500')))
      findings.push({ what: `an answer told of an error that nobody foresaw: ${after}`, where });
  }
  return { name: 'commands answered', rows: commands.length, findings };
}

type StoredTicket = {
  id: string;
  number: string;
  state: string;
  version: number;
  branch_id: string;
  origin: string;
};

/** Accepted = stored: each ticket has exactly the versions that its accepted commands made, and no other ticket is there. */
export async function checkTickets({ commands, sql }: Evidence): Promise<Checked> {
  const rows = await sql<StoredTicket>(
    'tickets',
    'select id, number, state, version, branch_id, origin from ticket',
  );
  const made = grouped(
    commands.filter((command) => accepted(command) && command.path.startsWith('/tickets')),
    ({ answer }) => answer.id ?? 'no id',
  );
  const should = new Map([...made].map(([id, of]) => [id, lastState(of)]));
  const live = rows.filter(({ origin }) => origin === 'live');
  const is = new Map(live.map((row) => [row.id, JSON.stringify([row.number, row.state, row.version])]));
  const findings = compareByKey(should, is, 'ticket', 'steward_tickets.ticket');
  for (const [id, of] of made) findings.push(...unevenVersions('ticket', id, of));
  return { name: 'tickets stored as accepted', rows: rows.length, findings };
}

/** Accepted = stored for what headquarters changed: each record stands where its accepted commands took it. */
export async function checkOrganisation({ commands, sql }: Evidence): Promise<Checked> {
  const done = commands.filter(accepted);
  const units = grouped(
    done.filter(({ path }) => path.startsWith('/units')),
    ({ answer }) => answer.id!,
  );
  const people = grouped(
    done.filter(({ path }) => path.startsWith('/employees')),
    ({ path, answer }) => path.split('/')[2] ?? answer.id!,
  );
  const parts = await Promise.all([
    stored(sql, 'unit', new Map([...units].map(([id, of]) => [id, of.length]))),
    stored(sql, 'employee', new Map([...people].map(([id, of]) => [id, employeeVersion(of)]))),
    checkGrants(done, sql),
  ]);
  return {
    name: 'organisation stored as accepted',
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
    findings: [
      ...parts.flatMap(({ findings }) => findings),
      ...[...units].flatMap(([id, of]) => unevenVersions('unit', id, of)),
    ],
  };
}

async function stored(
  sql: Evidence['sql'],
  table: 'unit' | 'employee',
  versions: ReadonlyMap<string, number>,
): Promise<Omit<Checked, 'name'>> {
  const rows = await sql<{ id: string; version: number }>('organisation', `select id, version from ${table}`);
  const made = rows.filter(({ id }) => versions.has(id));
  const is = new Map(made.map(({ id, version }) => [id, version]));
  const findings = compareByKey(versions, is, `version of ${table}`, `steward_organisation.${table}`);
  return { rows: made.length, findings };
}

/** One version per command; whoever is erased also loses, one version each, the roles that are left. */
function employeeVersion(commands: readonly Command[]): number {
  const count = (pattern: RegExp) => commands.filter(({ path }) => pattern.test(path)).length;
  const lost = count(/\/erasure$/) > 0 ? count(GRANTS) - count(REVOCATION) : 0;
  return commands.length + lost;
}

const GRANTS = /^\/employees\/[^/]+\/grants$/;
const REVOCATION = /^\/employees\/[^/]+\/grants\/([^/]+)\/revocation$/;

async function checkGrants(done: readonly Command[], sql: Evidence['sql']): Promise<Omit<Checked, 'name'>> {
  const rows = await sql<{ id: string; revoked: boolean }>(
    'organisation',
    'select id, revoked_at is not null revoked from role_grant',
  );
  const is = new Map(rows.map(({ id, revoked }) => [id, revoked]));
  const findings: Finding[] = [];
  for (const { path, answer } of done) {
    const revoked = REVOCATION.exec(path)?.[1];
    if (GRANTS.test(path) && !is.has(answer.id!))
      findings.push({ what: `grant ${answer.id} is missing`, where: 'steward_organisation.role_grant' });
    if (revoked && !is.get(revoked))
      findings.push({ what: `grant ${revoked} is not revoked`, where: 'steward_organisation.role_grant' });
  }
  return { rows: rows.length, findings };
}

function lastState(commands: readonly Command[]): string {
  const { number, state, version } = commands.at(-1)!.answer;
  return JSON.stringify([number, state, version]);
}

/** One version per accepted command: a command done twice leaves a hole, one lost makes a version come twice. */
function unevenVersions(kind: string, id: string, commands: readonly Command[]): Finding[] {
  const versions = commands.map(({ answer }) => answer.version);
  const even = versions.every((version, index) => version === index + 1);
  if (even) return [];
  return [
    { what: `${kind} ${id} answered with versions ${versions.join(', ')}`, where: 'answers in the ledger' },
  ];
}
