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

/** Accepted = stored for what headquarters changed: each record stands at the last version that was answered. */
export async function checkOrganisation({ commands, sql }: Evidence): Promise<Checked> {
  const findings: Finding[] = [];
  let count = 0;
  for (const [table, pattern] of [
    ['unit', /^\/units(\/[^/]+)?$/],
    ['employee', /^\/employees(\/[^/]+(\/erasure)?)?$/],
  ] as const) {
    const made = grouped(
      commands.filter((command) => accepted(command) && pattern.test(command.path)),
      ({ answer }) => answer.id ?? 'no id',
    );
    const rows = await sql<{ id: string; version: number }>(
      'organisation',
      `select id, version from ${table}`,
    );
    const is = new Map(rows.map(({ id, version }) => [id, version]));
    count += rows.length;
    for (const [id, of] of made) {
      const last = of.at(-1)!.answer.version;
      if (is.get(id) !== last)
        findings.push({
          what: `${table} ${id} is at version ${is.get(id)}, ${last} was answered`,
          where: `steward_organisation.${table}`,
        });
      findings.push(...unevenVersions(table, id, of));
    }
  }
  const grants = await checkGrants(commands, sql);
  return {
    name: 'organisation stored as accepted',
    rows: count + grants.rows,
    findings: [...findings, ...grants.findings],
  };
}

const GRANTS = /^\/employees\/[^/]+\/grants$/;
const REVOCATION = /^\/employees\/[^/]+\/grants\/([^/]+)\/revocation$/;

async function checkGrants(
  commands: readonly Command[],
  sql: Evidence['sql'],
): Promise<Omit<Checked, 'name'>> {
  const rows = await sql<{ id: string; revoked: boolean }>(
    'organisation',
    'select id, revoked_at is not null revoked from role_grant',
  );
  const is = new Map(rows.map(({ id, revoked }) => [id, revoked]));
  const findings: Finding[] = [];
  for (const { path, answer } of commands.filter(accepted)) {
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
