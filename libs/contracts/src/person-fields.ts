/** Kinds of people whom an event can point at. Their ids are personal data: a partner gets them by its grant only. */
export const PERSON_KINDS = ['customer', 'employee'] as const;
export type PersonKind = (typeof PERSON_KINDS)[number];

/** Fields of events that identify a person, by name, wherever they stand (PTR-02). */
export const PERSON_FIELDS: Readonly<Record<string, PersonKind>> = {
  customerId: 'customer',
  fromCustomerId: 'customer',
  intoCustomerId: 'customer',
  employeeId: 'employee',
  assigneeId: 'employee',
  cashierId: 'employee',
  subject: 'employee',
};

/** Aggregates that are people: the key of their events identifies them as well. */
export const PERSON_AGGREGATES: Readonly<Record<string, PersonKind>> = {
  customer: 'customer',
  employee: 'employee',
};

const PERSON_WORDS =
  /customer|employee|assignee|cashier|person(?!al)|subject|payer|payee|holder|occupant|resident|signer|user/i;

/** Names of fields that look as if they identified a person and are not among `PERSON_FIELDS`. */
export function unknownPersonFields(sample: unknown): string[] {
  const found = new Set<string>();
  walk(sample, found);
  return [...found];
}

function walk(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) walk(item, found);
  else if (value !== null && typeof value === 'object')
    for (const [name, inner] of Object.entries(value)) {
      if (PERSON_WORDS.test(name) && !(name in PERSON_FIELDS)) found.add(name);
      walk(inner, found);
    }
}

/** The data without the fields that identify people of kinds which are not among `kept`. */
export function withoutPersons(data: unknown, kept: ReadonlySet<PersonKind>): unknown {
  if (Array.isArray(data)) return data.map((item) => withoutPersons(item, kept));
  if (data === null || typeof data !== 'object') return data;
  return Object.fromEntries(
    Object.entries(data)
      .filter(([name]) => {
        const kind = PERSON_FIELDS[name];
        return kind === undefined || kept.has(kind);
      })
      .map(([name, inner]) => [name, withoutPersons(inner, kept)]),
  );
}
