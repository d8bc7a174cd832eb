import { randomUUID } from 'node:crypto';
import { eventually } from '@steward/testing';
import { exampleOf, type Operation } from '../api-operations.js';
import { bodyFor, jsonBody, referenceOf } from './bodies.js';
import { isBranchWide, SAMPLES, type Samples } from './samples.js';
import { jsonOf, send, type Answer } from './sending.js';
import { allowed, bare, nameOf, type Caller, type Place, type Sample, type World } from './world.js';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** The collections that the parameters of a path are taken from, the outermost first. */
export function collectionsOf(path: string): string[] {
  const parts = path.split('/');
  return parts.flatMap((part, index) =>
    part.startsWith('{') ? [bare(parts.slice(0, index).join('/'))] : [],
  );
}

/** The operation's address with these ids, and with whatever its query must have. */
export function addressOf(
  operation: Operation,
  ids: readonly string[],
  place: Place,
  samples: Samples = SAMPLES,
): string {
  let index = 0;
  const path = operation.path.replaceAll(/\{[^}]*\}/g, () => encodeURIComponent(ids[index++]!));
  const query = new URLSearchParams();
  for (const parameter of operation.parameters) {
    if (parameter.in !== 'query' || !parameter.required) continue;
    const reference = referenceOf(samples, operation, parameter.name, parameter.schema);
    query.set(parameter.name, reference?.(place) ?? String(exampleOf(parameter.schema)));
  }
  return query.size > 0 ? `${path}?${query.toString()}` : path;
}

/** Ids like the given ones that belong to nothing. */
export const unknownIds = (ids: readonly string[]): string[] =>
  ids.map((id) => id.replaceAll(UUID, () => randomUUID()));

/** The place's ids for the operation's parameters; makes the records that are not there yet. */
export async function idsFor(world: World, operation: Operation, place: Place): Promise<string[]> {
  const ids: string[] = [];
  for (const collection of collectionsOf(operation.path))
    ids.push((await sampleOf(world, place, collection, operation)).id);
  return ids;
}

async function sampleOf(world: World, place: Place, collection: string, wanted: Operation): Promise<Sample> {
  const known = place.records.get(collection);
  if (known) return known;
  for (const before of SAMPLES.first[collection] ?? []) await sampleOf(world, place, before, wanted);
  const sample =
    (await declared(world, place, collection)) ??
    (await created(world, place, collection)) ??
    (await listed(world, place, collection));
  if (!sample) {
    throw new Error(
      `${nameOf(wanted)}: no id for it at ${place.name}. Neither a POST nor a GET on ${collection} gives one; ` +
        'add a way to e2e/test/matrix/samples.ts, records.',
    );
  }
  place.records.set(collection, sample);
  return sample;
}

async function declared(world: World, place: Place, collection: string): Promise<Sample | undefined> {
  const made = await SAMPLES.records[collection]?.(place, (path, body) => posted(world, place, path, body));
  if (made === undefined) return undefined;
  const { id, siteBound } = typeof made === 'string' ? { id: made, siteBound: false } : made;
  if (typeof made !== 'string') place.secrets.add(id);
  return { id, siteBound, json: { id } };
}

/** Posts as the people of the place; what was made elsewhere just now is refused until its event has arrived. */
const posted = (world: World, { maker }: Place, path: string, body: object) =>
  eventually(async () => {
    const token = world.token(maker.login);
    const answer = await send(world.url, {
      ...{ method: 'POST', path: `/api/v1${path}`, token, body: jsonBody(body) },
      headers: { 'if-match': '"v1"' },
    });
    if (answer.status >= 300) throw new Error(`POST ${path} was answered ${answer.status} ${answer.text}`);
    return jsonOf(answer);
  });

/** The operation that adds to a collection, as far as the place's own people may call it. */
export const creatorOf = (world: World, collection: string, maker: Caller): Operation | undefined =>
  world.operations.find(
    (operation) =>
      operation.method === 'post' && bare(operation.path) === collection && allowed(operation, maker),
  );

async function created(world: World, place: Place, collection: string): Promise<Sample | undefined> {
  const maker = SAMPLES.makers[collection]?.(place) ?? place.maker;
  const creator = creatorOf(world, collection, maker);
  if (!creator) return undefined;
  const ids = await idsFor(world, creator, place);
  const body = await bodyFor(creator, SAMPLES, place);
  const answer = await ask(world, creator, { ids, place, as: maker, body });
  const json = jsonOf(answer);
  if (answer.status >= 300 || typeof json['id'] !== 'string') {
    throw new Error(
      `${nameOf(creator)} as ${maker.login} with ${String(body?.content)} was answered ${answer.status} ${answer.text}. ` +
        'Say in e2e/test/matrix/samples.ts what its properties must be.',
    );
  }
  place.secrets.add(json['id']);
  if (typeof json['number'] === 'string') place.secrets.add(json['number']);
  const { siteId } = place.refs;
  return { id: json['id'], siteBound: siteId !== undefined && String(body?.content).includes(siteId), json };
}

/** Makes another record of a collection at a place; gives its id. */
export async function addRecord(world: World, collection: string, place: Place): Promise<string> {
  const sample = await created(world, place, collection);
  if (!sample) throw new Error(`${place.maker.login} cannot add to ${collection}`);
  return sample.id;
}

/** What nobody makes through the API is taken from its list, as soon as there is any. */
async function listed(world: World, place: Place, collection: string): Promise<Sample | undefined> {
  const list = world.operations.find(({ method, path }) => method === 'get' && bare(path) === collection);
  if (!list || collection.includes('{}')) return undefined;
  const id = await eventually(async () => {
    const answer = await ask(world, list, { ids: [], place, as: world.admin });
    return (jsonOf(answer)['items'] as { id?: string }[] | undefined)?.[0]?.id;
  });
  return { id, siteBound: false, json: { id } };
}

/**
 * Makes one record of every collection that the place's people may add to; with `siteOnly` of those alone whose records
 * belong to a site, because the others are the whole branch's.
 */
export async function fill(world: World, place: Place, { siteOnly = false } = {}): Promise<void> {
  const collections = world.operations
    .filter(({ method }) => method === 'get')
    .map(({ path }) => bare(path))
    .filter((path) => creatorOf(world, path, place.maker));
  for (const collection of [...new Set(collections)].sort()) {
    const creator = creatorOf(world, collection, place.maker)!;
    if (siteOnly && !(await namesSite(creator, place))) continue;
    await sampleOf(world, place, collection, creator);
  }
}

async function namesSite(creator: Operation, place: Place): Promise<boolean> {
  if (isBranchWide(SAMPLES, creator)) return false;
  return String((await bodyFor(creator, SAMPLES, place))?.content).includes(place.refs['siteId']!);
}

export type Asked = Readonly<{
  ids: readonly string[];
  /** whose values the query takes */
  place: Place;
  as?: Caller;
  token?: string;
  body?: Parameters<typeof send>[1]['body'];
  headers?: Readonly<Record<string, string>>;
  base?: string;
}>;

/** Calls an operation, by default as a person at the door. */
export function ask(world: World, operation: Operation, asked: Asked): Promise<Answer> {
  return send(asked.base ?? world.url, {
    method: operation.method.toUpperCase(),
    path: addressOf(operation, asked.ids, asked.place),
    token: asked.token ?? (asked.as && world.token(asked.as.login)),
    body: asked.body,
    headers: {
      ...(operation.parameters.some(({ name }) => name === 'If-Match') || operation.method === 'post'
        ? { 'if-match': '"v1"' }
        : {}),
      ...asked.headers,
    },
  });
}
