import type { Operation } from '../api-operations.js';
import { bodyFor, jsonBody, referencesOf, replaced, valueFor, without, type Reference } from './bodies.js';
import { alike, found, leakFindings, plain } from './findings.js';
import { addressOf, ask, collectionsOf, idsFor, unknownIds } from './records.js';
import { isBranchWide, SAMPLES } from './samples.js';
import { each, jsonOf, type Answer } from './sending.js';
import { allowed, bare, nameOf, type Caller, type Finding, type Place, type World } from './world.js';

let copies = 0;

/** The same place without records, so that an operation may do what it does to a record of its own. */
const fresh = (place: Place): Place => ({
  ...place,
  mark: `${place.mark}x${++copies}`,
  records: new Map(),
});

/** The place, with the own records for what bodies point at. */
const knowing = (world: World, place: Place): Place => ({ ...place, records: world.places.own.records });

const group = (caller: Caller): boolean => caller.at === 'group';

/** Whoever may call the operation gets further than the guard, at a record of his own branch. */
export async function checkOwn(world: World, operation: Operation): Promise<Finding[]> {
  const place = fresh(world.places.own);
  const inBranch = world.callers.filter((caller) => caller.at === 'branch' && allowed(operation, caller));
  const callers =
    inBranch.length > 0
      ? inBranch
      : world.callers.filter((caller) => group(caller) && allowed(operation, caller));
  if (callers.length === 0) return [found(operation, 'nobody may call it')];
  const ids = await idsFor(world, operation, place);
  const statuses: number[] = [];
  const findings = await each(callers, async (caller) => {
    const body = await bodyFor(operation, SAMPLES, knowing(world, place));
    const answer = await ask(world, operation, { ids, place, as: caller, body });
    const { status } = answer;
    statuses.push(status);
    const stopped = status === 404 || (status === 403 && jsonOf(answer)['code'] === 'access.role-missing');
    const broken = [400, 401, 405].includes(status) || status >= 500;
    const text = `${caller.login} at its own record is answered ${status} ${answer.text.slice(0, 300)}`;
    return [
      ...(broken || (stopped && !SAMPLES.narrower[nameOf(operation)]) ? [found(operation, text)] : []),
      ...leakFindings(world, operation, caller, answer),
    ];
  });
  const whole = findings.flat();
  if (statuses.every((status) => [403, 404].includes(status)))
    whole.push(found(operation, 'nobody in the branch gets through'));
  return whole;
}

/** The record as the administrator sees it, to tell that nobody has changed it. */
async function stateOf(world: World, path: string, place: Place): Promise<string> {
  const collections = collectionsOf(path);
  const collection = collections.at(-1)!;
  const reads = world.operations.filter(({ method }) => method === 'get');
  const item = reads.find((operation) => bare(operation.path) === `${collection}/{}`);
  const as = world.admin;
  if (item) return plain(await ask(world, item, { ids: await idsFor(world, item, place), place, as }));
  const list = reads.find((operation) => bare(operation.path) === collection);
  if (!list)
    throw new Error(`${path}: its record can be seen nowhere, so nobody can tell whether it was changed`);
  const answer = await ask(world, list, { ids: await idsFor(world, list, place), place, as });
  const { id } = place.records.get(collection)!;
  return JSON.stringify((jsonOf(answer)['items'] as { id: string }[]).filter((row) => row.id === id));
}

async function checkHidden(
  world: World,
  operation: Operation,
  callers: readonly Caller[],
  place: Place,
): Promise<Finding[]> {
  const ids = await idsFor(world, operation, place);
  const { own } = world.places;
  const before = await stateOf(world, operation.path, place);
  const findings = await each(callers, async (caller) => {
    const body = await bodyFor(operation, SAMPLES, own);
    const call = (of: readonly string[]): Promise<Answer> =>
      ask(world, operation, { ids: of, place: own, as: caller, body });
    const unknown = unknownIds(ids);
    const answer = await call(ids);
    const none = await call(unknown);
    const say = (what: string): Finding =>
      found(operation, `${caller.login} at a record of ${place.name} is answered ${what}`);
    return [
      ...(answer.status === 404 ? [] : [say(`${answer.status}, not 404`)]),
      ...(plain(answer, ids) === plain(none, unknown)
        ? []
        : [say(`otherwise than for a record that does not exist (${none.status})`)]),
      ...leakFindings(world, operation, caller, answer, addressOf(operation, ids, own)),
    ];
  });
  const changed = (await stateOf(world, operation.path, place)) !== before;
  return [
    ...findings.flat(),
    ...(changed ? [found(operation, `a record of ${place.name} was changed from outside`)] : []),
  ];
}

/** Another branch's record answers 404 to everybody whose role would do, as if it did not exist. */
export async function checkOtherBranch(world: World, operation: Operation): Promise<Finding[]> {
  if (!operation.path.includes('{')) return [];
  const callers = world.callers.filter((caller) => !group(caller) && allowed(operation, caller));
  return callers.length === 0 ? [] : checkHidden(world, operation, callers, world.places.otherBranch);
}

/** Another site's record answers 404 to everybody who is bound to one site. */
export async function checkOtherSite(world: World, operation: Operation): Promise<Finding[]> {
  const { otherSite } = world.places;
  if (isBranchWide(SAMPLES, operation)) return [];
  const collections = collectionsOf(operation.path);
  const made = collections.length > 0 && collections.every((name) => otherSite.records.get(name)?.siteBound);
  const callers = world.callers.filter((caller) => caller.at === 'site' && allowed(operation, caller));
  return made && callers.length > 0 ? checkHidden(world, operation, callers, otherSite) : [];
}

/** What the administrator finds in the collection that the operation adds to or changes. */
async function contents(world: World, operation: Operation): Promise<string> {
  const collection = collectionsOf(operation.path)[0] ?? bare(operation.path);
  const list = world.operations.find(({ method, path }) => method === 'get' && path === collection);
  if (!list) return '';
  const own = world.places.own;
  const answer = await ask(world, list, { ids: [], place: own, as: world.admin });
  return ((jsonOf(answer)['items'] ?? []) as { id: string }[])
    .map(({ id }) => id)
    .sort()
    .join();
}

/** The tag of the record that the operation works on, as the administrator sees it. */
async function tagOf(
  world: World,
  operation: Operation,
  ids: readonly string[],
  place: Place,
): Promise<string> {
  const [collection] = collectionsOf(operation.path);
  const read = world.operations.find(
    ({ method, path }) => method === 'get' && collection && bare(path) === `${collection}/{}`,
  );
  const answer = read && (await ask(world, read, { ids, place, as: world.admin }));
  return answer?.headers['etag'] ?? '"v1"';
}

type Trial = Readonly<{ caller: Caller; from: Place; reference: Reference; value: string }>;

/** Sends one body that points elsewhere; an id of another branch must read like one that does not exist. */
async function pointElsewhere(world: World, operation: Operation, trial: Trial): Promise<Finding[]> {
  const { caller, from, reference, value } = trial;
  const { way } = reference;
  const place = fresh(world.places.own);
  const ids = await idsFor(world, operation, place);
  const body = without(SAMPLES, valueFor(operation, SAMPLES, knowing(world, place)), way);
  // the version that the record is in by now: it is the body that has to be refused
  const headers = { 'if-match': await tagOf(world, operation, ids, place) };
  const call = (text: string): Promise<Answer> =>
    ask(world, operation, { ids, place, as: caller, headers, body: jsonBody(replaced(body, way, text)) });
  const before = await contents(world, operation);
  const answer = await call(value);
  const other = alike(value);
  const same = plain(answer, [value, ...ids]) === plain(await call(other), [other, ...ids]);
  const say = (what: string): Finding =>
    found(operation, `${caller.login} with ${way.join('.')} of ${from.name} ${what}`);
  return [
    ...([403, 404, 409, 422].includes(answer.status)
      ? []
      : [say(`is answered ${answer.status} ${answer.text.slice(0, 200)}`)]),
    ...(same || from !== world.places.otherBranch
      ? []
      : [say('is answered otherwise than something unknown')]),
    ...leakFindings(world, operation, caller, answer, JSON.stringify(body) + value),
    ...((await contents(world, operation)) === before ? [] : [say('left something behind')]),
  ];
}

/** A body that names something of another branch or site is refused, and nothing of it is kept. */
export async function checkReferences(world: World, operation: Operation): Promise<Finding[]> {
  const { otherBranch, otherSite, own } = world.places;
  const pairs = [
    { caller: world.allInBranch, from: otherBranch },
    { caller: world.allAtSite, from: otherBranch },
    { caller: world.allAtSite, from: otherSite },
  ].filter(({ caller }) => allowed(operation, caller));
  const findings: Finding[] = [];
  for (const reference of referencesOf(SAMPLES, operation)) {
    for (const pair of pairs) {
      const value = reference.of(pair.from);
      if (value === undefined || value === reference.of(own)) continue;
      if (pair.from === otherSite && SAMPLES.knownInBranch[reference.name]) continue;
      findings.push(...(await pointElsewhere(world, operation, { ...pair, reference, value })));
    }
  }
  return findings;
}

/** What another branch calls its own must not be taken: a conflict would tell that it is there. */
export async function checkNames(world: World, operation: Operation): Promise<Finding[]> {
  if (operation.body?.contentType !== 'application/json' || !allowed(operation, world.allInBranch)) return [];
  const theirs = world.places.otherBranch.records.get(bare(operation.path));
  if (!theirs) return [];
  const place = fresh(world.places.own);
  const ids = await idsFor(world, operation, place);
  const findings: Finding[] = [];
  const pointing = new Set(referencesOf(SAMPLES, operation).map(({ name }) => name));
  for (const name of Object.keys(operation.body.schema['properties'] ?? {})) {
    const value = theirs.json[name];
    if (typeof value !== 'string' || !value.includes(world.places.otherBranch.mark) || pointing.has(name))
      continue;
    if (SAMPLES.globalNames[`${nameOf(operation)} ${name}`]) continue;
    const body = { ...(valueFor(operation, SAMPLES, knowing(world, place)) as object), [name]: value };
    world.shared.add(value);
    const answer = await ask(world, operation, { ids, place, as: world.allInBranch, body: jsonBody(body) });
    if (answer.status === 409)
      findings.push(
        found(operation, `${name} of ${world.places.otherBranch.name} is answered 409 ${answer.text}`),
      );
  }
  return findings;
}
