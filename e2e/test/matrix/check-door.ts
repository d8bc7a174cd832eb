import type { TestTokenOptions } from '@steward/testing';
import type { Operation } from '../api-operations.js';
import { bodyFor } from './bodies.js';
import { found, leaks, plain } from './findings.js';
import { addressOf, ask, idsFor, unknownIds } from './records.js';
import { SAMPLES } from './samples.js';
import { each, jsonOf, send, type Answer } from './sending.js';
import { allowed, type Caller, type Finding, type World } from './world.js';

/** Ways to come without a good token: what stands in `Authorization`. */
export function badTokens(world: World): Readonly<Record<string, string | undefined>> {
  const login = world.admin.login;
  const bearer = (options: TestTokenOptions): string => `Bearer ${world.token(login, options)}`;
  return {
    'no token': undefined,
    'an expired token': bearer({ expiresIn: -60 }),
    'a token for another audience': bearer({ audience: 'another-api' }),
    'a token signed with a foreign key': bearer({ foreignKey: true }),
    'a token of another issuer': bearer({ issuer: 'http://127.0.0.1:9' }),
    'a broken token': 'Bearer x.y.z',
    'another scheme': `Basic ${Buffer.from('hq.admin:steward').toString('base64')}`,
  };
}

const isProblem = ({ headers }: Answer): boolean =>
  String(headers['content-type']).startsWith('application/problem+json');

const nobody: Caller = { login: 'whoever has no token', roles: [], at: 'nowhere' };

/** Without a good token every address answers 401, the same for what exists and what does not. */
export async function checkTokens(world: World, operation: Operation, base = world.url): Promise<Finding[]> {
  if (operation.access === 'public') return [];
  const { own } = world.places;
  const ids = await idsFor(world, operation, own);
  const body = await bodyFor(operation, SAMPLES, own);
  const call = (authorization: string | undefined, of: readonly string[]): Promise<Answer> =>
    ask(world, operation, {
      ids: of,
      place: own,
      body,
      base,
      headers: authorization ? { authorization } : {},
    });
  const findings = await each(Object.entries(badTokens(world)), async ([name, authorization]) => {
    const answer = await call(authorization, ids);
    const say = (what: string): Finding => found(operation, `${name} is answered ${what}`);
    if (answer.status !== 401) return [say(String(answer.status))];
    if (!isProblem(answer)) return [say('without problem+json')];
    if (!String(answer.headers['www-authenticate']).startsWith('Bearer '))
      return [say('without WWW-Authenticate')];
    const told = leaks(world, nobody, answer, addressOf(operation, ids, own));
    if (told.length > 0) return [say(`with ${told.join(', ')}`)];
    const unknown = unknownIds(ids);
    const other = await call(authorization, unknown);
    return plain(answer, ids) === plain(other, unknown) ? [] : [say('differently for what does not exist')];
  });
  return findings.flat();
}

const MISSING = 'access.role-missing';

/**
 * A role that the document does not list is refused, and all are told the same: each caller names another record, one of
 * the own branch, of another branch or of none.
 */
export async function checkOtherRoles(world: World, operation: Operation): Promise<Finding[]> {
  if (operation.access !== 'roles') return checkRoleless(world, operation);
  const { own, otherBranch } = world.places;
  const callers = [...world.callers, ...world.without].filter((caller) => !allowed(operation, caller));
  const body = await bodyFor(operation, SAMPLES, own);
  const ids = await idsFor(world, operation, own);
  const named = [ids, await idsFor(world, operation, otherBranch), unknownIds(ids)];
  const answers = await each([...callers.entries()], async ([index, caller]) => {
    const of = named[index % named.length]!;
    return { caller, of, answer: await ask(world, operation, { ids: of, place: own, as: caller, body }) };
  });
  const [first] = answers;
  return answers.flatMap(({ caller, of, answer }) => {
    const say = (what: string): Finding => found(operation, `${caller.login} is answered ${what}`);
    if (answer.status !== 403 || jsonOf(answer)['code'] !== MISSING)
      return [say(`${answer.status}, not 403 ${MISSING}`)];
    const told = leaks(world, caller, answer, addressOf(operation, of, own));
    if (told.length > 0) return [say(`with ${told.join(', ')}`)];
    return plain(answer, of) === plain(first!.answer, first!.of)
      ? []
      : [say('otherwise than others for other records')];
  });
}

/** Where a token alone opens the door, those without a role must still learn nothing of any record. */
async function checkRoleless(world: World, operation: Operation): Promise<Finding[]> {
  const { own } = world.places;
  const findings = await each(world.without, async (caller) => {
    const answer = await ask(world, operation, { ids: [], place: own, as: caller });
    const told = leaks(world, caller, answer, '');
    if (told.length > 0) return [found(operation, `tells ${caller.login} ${told.join(', ')}`)];
    return [200, 403].includes(answer.status)
      ? []
      : [found(operation, `${caller.login} is answered ${answer.status}`)];
  });
  return findings.flat();
}

const METHODS = ['HEAD', 'OPTIONS', 'TRACE', 'GET', 'PUT', 'PATCH', 'DELETE', 'POST'];

/** The address written in other ways, all of which a careless guard might take for another address. */
const spellings = (address: string): string[] => {
  const [path = '', query] = address.split('?');
  const tail = query ? `?${query}` : '';
  const last = path.lastIndexOf('/');
  return [
    `${path}/${tail}`,
    `${path.replace(/[^/]+$/, (name) => name.toUpperCase())}${tail}`,
    `${path.replace('/api/', '/API/')}${tail}`,
    `${path.slice(0, last)}//${path.slice(last + 1)}${tail}`,
    `${path.slice(0, last)}/./${path.slice(last + 1)}${tail}`,
    `${path.slice(0, last)}/%2e/${path.slice(last + 1)}${tail}`,
    `${path};a=b${tail}`,
    `${path}%00${tail}`,
    `/health/live/..${path}${tail}`,
    `http://127.0.0.1${path}${tail}`,
  ];
};

/** Other methods and other spellings get nobody further than the operation itself does. */
export async function checkWaysRound(world: World, operation: Operation): Promise<Finding[]> {
  const { own, otherBranch } = world.places;
  const ids = await idsFor(world, operation, otherBranch);
  const address = addressOf(operation, ids, own);
  const documented = world.operations
    .filter(({ path }) => path === operation.path)
    .map(({ method }) => method.toUpperCase());
  const method = operation.method.toUpperCase();
  const body = await bodyFor(operation, SAMPLES, own);
  const ways = [
    ...METHODS.filter((name) => !documented.includes(name)).map((name) => ({
      method: name,
      path: address,
      headers: {},
      body: undefined,
    })),
    ...spellings(address).map((path) => ({ method, path, headers: {}, body })),
    { method: 'POST', path: address, headers: { 'x-http-method-override': method }, body },
  ];
  const insider = world.allInBranch;
  const findings = await each(ways, async (way) => {
    const outside = await send(world.url, way);
    const inside =
      ids.length > 0 || way.method !== 'POST'
        ? await send(world.url, { ...way, token: world.token(insider.login) })
        : outside;
    const say = (who: string, what: string): Finding =>
      found(operation, `${way.method} ${way.path} as ${who} ${what}`);
    const told = leaks(world, insider, inside, way.path);
    return [
      ...(outside.status < 300 ? [say('nobody', `is answered ${outside.status}`)] : []),
      ...(ids.length > 0 && inside.status < 300 ? [say(insider.login, `is answered ${inside.status}`)] : []),
      ...([outside, inside].some(({ status }) => status >= 500)
        ? [say(insider.login, 'breaks something')]
        : []),
      ...(told.length > 0 ? [say(insider.login, `tells ${told.join(', ')}`)] : []),
    ];
  });
  return findings.flat();
}
