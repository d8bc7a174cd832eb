import {
  CONTEXTS,
  compareByKey,
  PERSONS_TOPIC,
  type Checked,
  type ContextService,
  type Evidence,
  type Finding,
} from './evidence.js';

type Keyed = { key: string; row: string };

/** A copy, by the same columns on both sides: the owner's query and the reader's. */
type Copy = Readonly<{ what: string; owner: string; reader: string }>;

const keyed = (key: string, columns: string, from: string): string =>
  `select (${key})::text as key, json_build_array(${columns})::text as row from ${from}`;

const UNIT = 'kind, parent_id, branch_id, code, name, time_zone, locale, calendar_id, active';
const GRANT = 'employee_id, subject, role, unit_id, valid_from, valid_to, revoked_at';
const POLICY = 'unit_kind, value::text, effective_from, locked';
const CALENDAR = 'name, calendar::text, effective_from';

const DIRECTORY: readonly Copy[] = [
  { what: 'unit', owner: keyed('id', UNIT, 'unit'), reader: keyed('id', UNIT, 'directory_unit') },
  { what: 'grant', owner: keyed('id', GRANT, 'role_grant'), reader: keyed('id', GRANT, 'directory_grant') },
  {
    what: 'person',
    owner: keyed('employee_id', 'name', 'employee_person'),
    reader: keyed('employee_id', 'name', 'directory_person'),
  },
  {
    what: 'policy',
    owner: keyed(`key || ' ' || unit_id || ' ' || version`, POLICY, 'policy_value'),
    reader: keyed(`key || ' ' || unit_id || ' ' || version`, POLICY, 'directory_policy'),
  },
  {
    what: 'calendar',
    owner: keyed(`calendar_id || ' ' || version`, CALENDAR, 'calendar_version'),
    reader: keyed(`id || ' ' || version`, CALENDAR, 'directory_calendar'),
  },
];

const FACT = `branch_id, site_id, number, kind, channel, category_code, priority, origin, source, external_id,
  received_at, completed_at, cancelled_at, due_at, due_missing, on_time`;

/** Whatever a service copies from another equals the owner's rows, column by column. */
export async function checkCopies(evidence: Evidence): Promise<Checked> {
  const findings: Finding[] = [];
  let rows = 0;
  const compare = async (owner: ContextService, reader: ContextService, copy: Copy): Promise<void> => {
    const should = byKey(await evidence.sql<Keyed>(owner, copy.owner));
    const is = byKey(await evidence.sql<Keyed>(reader, copy.reader));
    rows += should.size + is.size;
    findings.push(...compareByKey(should, is, copy.what, `steward_${reader} against steward_${owner}`));
  };
  for (const reader of CONTEXTS) for (const copy of DIRECTORY) await compare('organisation', reader, copy);
  await compare('tickets', 'insights', {
    what: 'ticket',
    owner: keyed('id', FACT, 'ticket'),
    reader: keyed('ticket_id', FACT, 'ticket_fact where generation = 1'),
  });
  return { name: 'copies equal their owners', rows, findings };
}

/** The latest message per person is what organisation holds, and a tombstone for whoever was erased. */
export async function checkPersons({ sql, topics }: Evidence): Promise<Checked> {
  const messages = topics.get(PERSONS_TOPIC)!;
  const is = new Map<string, string>();
  for (const { key, value } of messages) {
    const person = value === null ? undefined : (JSON.parse(value) as { name: string; phone: string | null });
    is.set(key, person ? JSON.stringify([person.name, person.phone ?? null]) : 'erased');
  }
  const rows = await sql<{ id: string; erased: boolean; name: string | null; phone: string | null }>(
    'organisation',
    `select e.id, e.erased_at is not null erased, p.name, p.phone from employee e
     left join employee_person p on p.employee_id = e.id`,
  );
  const should = new Map(
    rows
      .filter(({ erased, name }) => erased || name !== null)
      .map(({ id, erased, name, phone }) => [id, erased ? 'erased' : JSON.stringify([name, phone])]),
  );
  const findings = compareByKey(should, is, 'person', `topic ${PERSONS_TOPIC} against steward_organisation`);
  return { name: 'personal values: latest state', rows: rows.length + messages.length, findings };
}

const byKey = (rows: readonly Keyed[]): Map<string, string> =>
  new Map(rows.map(({ key, row }) => [key, row]));
