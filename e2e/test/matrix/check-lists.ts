import type { Operation, Parameter } from '../api-operations.js';
import { alike, found, isId, leakFindings, plain } from './findings.js';
import { addressOf, idsFor } from './records.js';
import { isBranchWide, SAMPLES } from './samples.js';
import { each, jsonOf, send, type Answer } from './sending.js';
import {
  allowed,
  bare,
  hiddenFrom,
  nameOf,
  type Caller,
  type Finding,
  type Place,
  type World,
} from './world.js';

const PAGES = 20;

const reads = (operation: Operation): boolean => operation.method === 'get';
/** What shows more than one thing: it is not the record that the path names. */
const isList = (operation: Operation): boolean => reads(operation) && !operation.path.endsWith('}');

const queryOf = (operation: Operation, name: string): Parameter | undefined =>
  operation.parameters.find((parameter) => parameter.in === 'query' && parameter.name === name);

const withQuery = (address: string, query: Record<string, string>): string => {
  const text = new URLSearchParams(query).toString();
  return text === '' ? address : `${address}${address.includes('?') ? '&' : '?'}${text}`;
};

async function get(world: World, caller: Caller, path: string, accept = 'application/json'): Promise<Answer> {
  return send(world.url, { method: 'GET', path, token: world.token(caller.login), headers: { accept } });
}

/** All pages of a list, in every order and form that it has. */
async function everything(
  world: World,
  operation: Operation,
  caller: Caller,
  address: string,
): Promise<Answer[]> {
  // one caller for each place is shown every order; that is enough, for the scope is made before the order
  const whole = [world.allInBranch, world.allAtSite, world.admin].includes(caller);
  const sorts = ((whole && queryOf(operation, 'sort')?.schema['enum']) || ['']) as string[];
  const limit: Record<string, string> = queryOf(operation, 'limit') ? { limit: '200' } : {};
  const answers: Answer[] = [];
  for (const sort of sorts) {
    let after: string | undefined;
    for (let page = 0; page < PAGES; page += 1) {
      const query = { ...limit, ...(sort ? { sort } : {}), ...(after ? { after } : {}) };
      const answer = await get(world, caller, withQuery(address, query));
      answers.push(answer);
      after = (jsonOf(answer)['next'] as string | null) ?? undefined;
      if (!after) break;
    }
  }
  for (const type of operation.answers.filter((name) => name === 'text/csv'))
    answers.push(await get(world, caller, address, type));
  return answers;
}

/** All that a list without parameters in its path shows a caller: pages, orders, forms. */
export const pagesOf = (world: World, operation: Operation, caller: Caller): Promise<Answer[]> =>
  allowed(operation, caller) || operation.access === 'authenticated'
    ? everything(world, operation, caller, addressOf(operation, [], world.places.own))
    : Promise.resolve([]);

/** Whoever may call a list learns from none of its pages, orders and forms what is hidden from him. */
export async function checkLists(world: World, operation: Operation): Promise<Finding[]> {
  if (!isList(operation)) return [];
  const callers = [...world.callers, ...world.without].filter(
    (caller) => caller.at !== 'group' && (allowed(operation, caller) || operation.access === 'authenticated'),
  );
  const { own } = world.places;
  const address = addressOf(operation, await idsFor(world, operation, own), own);
  const findings = await each([...callers, world.allInBranch, world.allAtSite], async (caller) =>
    (await everything(world, operation, caller, address)).flatMap((answer) =>
      leakFindings(world, operation, caller, answer, address),
    ),
  );
  return findings.flat();
}

/** That there is something to hide: the administrator does find the other branch's record in its list. */
export async function checkAdminSees(world: World, operation: Operation): Promise<Finding[]> {
  const { otherBranch } = world.places;
  const record = reads(operation) ? otherBranch.records.get(bare(operation.path)) : undefined;
  if (!record || !allowed(operation, world.admin)) return [];
  const address = addressOf(operation, await idsFor(world, operation, otherBranch), otherBranch);
  const answers = await everything(world, operation, world.admin, address);
  return answers.some(({ text }) => text.includes(record.id))
    ? []
    : [found(operation, "does not show the other branch's record to its administrator")];
}

/** What a parameter could be asked for to find out about a place: ids, marks, what its records say under that name. */
function baits(world: World, parameter: Parameter, place: Place): string[] {
  const { schema, name } = parameter;
  if (parameter.in !== 'query' || ['limit', 'sort', 'after'].includes(name)) return [];
  if (schema['enum'] || !['string', undefined].includes(schema['type'] as string | undefined)) return [];
  const shared = new Set([...Object.values(world.places.own.refs), ...Object.values(world.group.refs)]);
  const texts = [
    ...place.secrets,
    ...Object.values(place.refs),
    ...[...place.records.values()]
      .map(({ json }) => json[name])
      .filter((text) => String(text).includes(place.mark)),
    SAMPLES.references[name]?.(place),
  ];
  const asked = texts.filter((text) => typeof text === 'string' && !shared.has(text)) as string[];
  return [...new Set(asked)].filter((text) => (schema['format'] === 'uuid') === isId(text));
}

/** A filter for something hidden answers as a filter for something that does not exist. */
export async function checkFilters(world: World, operation: Operation): Promise<Finding[]> {
  if (!reads(operation)) return [];
  const { own } = world.places;
  const [address = '', query] = addressOf(operation, await idsFor(world, operation, own), own).split('?');
  const needed = Object.fromEntries(new URLSearchParams(query));
  const callers = [world.allInBranch, world.allAtSite].filter((caller) => allowed(operation, caller));
  const trials = callers.flatMap((caller) =>
    operation.parameters.flatMap((parameter) =>
      hiddenFrom(world, caller)
        .filter((place) => place !== world.places.otherSite || !isBranchWide(SAMPLES, operation))
        .flatMap((place) => baits(world, parameter, place))
        .map((value) => ({ caller, name: parameter.name, value })),
    ),
  );
  const unknown = new Map<string, Promise<{ other: string; none: Answer }>>();
  const findings = await each(trials, async ({ caller, name, value }) => {
    const filtered = (text: string): Promise<Answer> =>
      get(world, caller, withQuery(address, { ...needed, [name]: text }));
    const other = alike(value);
    const key = `${caller.login} ${name} ${other.length}`;
    if (!unknown.has(key))
      unknown.set(
        key,
        filtered(other).then((none) => ({ other, none })),
      );
    const answer = await filtered(value);
    const compared = await unknown.get(key)!;
    const say = (what: string): Finding => found(operation, `${caller.login} with ${name}=${value} ${what}`);
    return [
      ...(plain(answer, [value]) === plain(compared.none, [compared.other])
        ? []
        : [say(`is answered ${answer.status}, otherwise than for something that does not exist`)]),
      ...leakFindings(world, operation, caller, answer, value),
    ];
  });
  return findings.flat();
}

/** A cursor from somebody else's list opens nothing of that list. */
export async function checkCursors(world: World, operation: Operation): Promise<Finding[]> {
  const caller = world.allInBranch;
  const { own, otherBranch } = world.places;
  if (!reads(operation) || !queryOf(operation, 'after') || !allowed(operation, caller)) return [];
  const address = async (place: Place): Promise<string> =>
    addressOf(operation, await idsFor(world, operation, place), place);
  const findings: Finding[] = [];
  for (const [stranger, theirs] of [
    [otherBranch.maker, otherBranch],
    [world.admin, own],
  ] as const) {
    const cursor = jsonOf(await get(world, stranger, withQuery(await address(theirs), { limit: '1' })))[
      'next'
    ];
    if (typeof cursor !== 'string') continue;
    const answer = await get(world, caller, withQuery(await address(own), { limit: '200', after: cursor }));
    if (answer.status >= 500) findings.push(found(operation, `a cursor of ${stranger.login} breaks it`));
    findings.push(...leakFindings(world, operation, caller, answer));
  }
  return findings;
}

/** The lists whose content must not depend on what other branches have. */
export const counted = (world: World): { operation: Operation; caller: Caller }[] =>
  world.operations
    .filter(
      (operation) =>
        reads(operation) && !operation.path.includes('{') && !operation.answers.includes('text/event-stream'),
    )
    .flatMap((operation) =>
      [world.allInBranch, world.allAtSite]
        .filter((caller) => allowed(operation, caller))
        .map((caller) => ({ operation, caller })),
    );

/** What each of those lists says now. */
export async function snapshot(world: World, into: Map<string, string>): Promise<void> {
  await each(counted(world), async ({ operation, caller }) => {
    const answer = await get(world, caller, addressOf(operation, [], world.places.own));
    into.set(`${nameOf(operation)} ${caller.login}`, plain(answer));
  });
}

/** Lists and counts are the same whether or not other branches have records. */
export function checkCounts(world: World, operation: Operation): Finding[] {
  return [world.allInBranch, world.allAtSite].flatMap((caller) => {
    const name = `${nameOf(operation)} ${caller.login}`;
    const before = world.before.get(name);
    return before === world.after.get(name)
      ? []
      : [
          found(
            operation,
            `shows ${caller.login} something else since ${world.places.otherBranch.name} has records`,
          ),
        ];
  });
}
