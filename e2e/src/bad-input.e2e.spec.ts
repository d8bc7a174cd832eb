import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@steward/testing';
import type { Operation } from '../test/api-operations.js';
import { bodySchema, soundRequest } from '../test/bad-input/bad-cases.js';
import { curlOf, Sender, type Answer, type BadRequest } from '../test/bad-input/bad-request.js';
import { unboundedIn } from '../test/bad-input/bounds.js';
import { quietFingerprint, type Fingerprint } from '../test/bad-input/fingerprint.js';
import { sendGenerated } from '../test/bad-input/generated.js';
import { rawRequests, sendRaw } from '../test/bad-input/raw.js';
import { addressesOf, queriesOf, tableOf } from '../test/bad-input/table.js';
import { badUploads, UNREADABLE_FILES, uploadOf } from '../test/bad-input/uploads.js';
import { complaintsOf } from '../test/bad-input/verdict.js';
import { BadInputWorld, USED_KEY, type Direct } from '../test/bad-input/world.js';

const CASES = Number(process.env['BADINPUT_CASES'] ?? 10_000);
const SEED = Number(process.env['BADINPUT_SEED'] ?? (Math.random() * 2 ** 31) | 0);
const LANES = 8;
const LIMIT_MS = 300_000 + CASES * 20;

let world: BadInputWorld;
let sender: Sender;
let before: Fingerprint;

beforeAll(async () => {
  world = await BadInputWorld.start();
  sender = new Sender(LANES);
  before = await quietFingerprint(world.all);
}, 240_000);
afterAll(async () => {
  sender?.close();
  await world?.stop();
}, 60_000);

const sound = (operation: Operation): BadRequest =>
  soundRequest({
    operation,
    token: world.tokenFor(operation),
    idFor: (parameter) => world.idFor(operation, parameter),
  });

/** The operation at the gateway, and at the service behind it where there is one. */
const doors = (operation: Operation): Direct[] =>
  [{ base: world.all.url, operation }, world.directly(operation)].filter((door) => door !== null);

type Sending = Direct & Readonly<{ request: BadRequest }>;

const failureOf = ({ operation, base, request }: Sending, complaints: readonly string[]): string =>
  `${operation.method} ${operation.path}: ${request.note}\n    ${complaints.join('\n    ')}\n  ${curlOf(base, request)}`;

/** Sends each request, several at once; gives those that were not refused as they must be. */
async function refusals(sendings: readonly Sending[], send = sendOne): Promise<string[]> {
  const waiting = [...sendings];
  const failures: string[] = [];
  const lane = async (): Promise<void> => {
    for (let sending = waiting.shift(); sending; sending = waiting.shift()) {
      const current = sending;
      const complaints = await send(current).then(
        (answer) => complaintsOf(current.operation, answer),
        (error: Error) => [`no answer: ${error.message}`],
      );
      if (complaints.length > 0) failures.push(failureOf(current, complaints));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return failures;
}

const sendOne = ({ base, request }: Sending): Promise<Answer> => sender.send(base, request);

const everywhere = (operation: Operation, requests: readonly BadRequest[]): Sending[] =>
  doors(operation).flatMap((door) => requests.map((request) => ({ ...door, request })));

const withJson = (): Operation[] => world.operations.filter((operation) => bodySchema(operation) !== null);

const takes = (operation: Operation, place: string, name?: string): boolean =>
  operation.parameters.some((parameter) => parameter.in === place && (!name || parameter.name === name));

describe('the document', () => {
  it('bounds every text, list, number and map of every request', () => {
    expect(world.operations.length).toBeGreaterThan(60);
    expect(world.operations.flatMap(unboundedIn)).toEqual([]);
  });
});

describe('known kinds of bad input', () => {
  it(
    'in bodies, media types and header fields are refused by every route, and by the services alone',
    async () => {
      const sendings = withJson().flatMap((operation) =>
        everywhere(operation, tableOf(sound(operation), takes(operation, 'header', 'If-Match'))),
      );
      expect(sendings.length).toBeGreaterThan(2000);
      expect(await refusals(sendings)).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'in addresses and queries are refused by every route',
    async () => {
      const sendings = world.operations.flatMap((operation) => {
        const request = sound(operation);
        const named = operation.parameters.find((parameter) => parameter.in === 'path')?.name;
        const addresses = named ? addressesOf(request, world.idFor(operation, named)) : [];
        const queries = takes(operation, 'query', 'limit') ? queriesOf(request) : [];
        return everywhere(operation, [...addresses, ...queries]);
      });
      expect(await refusals(sendings)).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'of broken HTTP are refused, and the door stays open',
    async () => {
      const failures: string[] = [];
      for (const operation of withJson()) {
        const request = sound(operation);
        for (const { base } of doors(operation)) {
          const raws = rawRequests(request);
          const found = await Promise.all(
            raws.map(async (raw) => {
              const answer = await sendRaw(base, raw).catch((error: Error) => error);
              const complaints = answer instanceof Error ? [answer.message] : complaintsOf(null, answer);
              return complaints.map((complaint) => `${base} ${request.path} ${raw.note}: ${complaint}`);
            }),
          );
          failures.push(...found.flat());
        }
      }
      expect(failures).toEqual([]);
      for (const url of [world.all.url, ...Object.values(world.all.urls)])
        expect((await fetch(`${url}/health/live`)).status).toBe(200);
    },
    LIMIT_MS,
  );

  it('at the addresses of operators and documents are answered with a problem too', async () => {
    const paths = ['/health/live', '/health/ready', '/metrics', '/openapi.json', '/docs', '/docs/start.js'];
    const queries = ['?x=%E0%A4%A', '?x=%00', `?x=${'y'.repeat(17_000)}`];
    for (const base of [world.all.url, ...Object.values(world.all.urls)]) {
      for (const path of paths.flatMap((one) => queries.map((query) => one + query))) {
        const answer = await sender.send(base, { method: 'GET', path, headers: {}, body: null });
        expect({ base, path: path.slice(0, 60), complaints: complaintsOf(null, answer) }).toEqual({
          base,
          path: path.slice(0, 60),
          complaints: [],
        });
      }
    }
  }, 60_000);

  it('in uploads are refused, and nothing of them is kept', async () => {
    const upload = world.operations.find(
      ({ path, method }) => path === '/api/v1/imports' && method === 'post',
    )!;
    const address = { ...sound(upload), path: '/api/v1/imports?kind=tickets' };
    const { tickets } = world.all.urls;
    const sendings = [world.all.url, tickets!].flatMap((base) =>
      badUploads(address).map((request) => ({ operation: upload, base, request })),
    );
    expect(await refusals(sendings)).toEqual([]);
  }, 60_000);

  it('that are well formed are refused by the state of things', async () => {
    const register = world.operations.find(({ id }) => id === 'registerTicket')!;
    const request = sound(register);
    const again: BadRequest = {
      ...request,
      headers: { ...request.headers, 'idempotency-key': USED_KEY },
      note: 'a key that another command has used',
    };
    const actions = world.operations.filter(
      ({ path, method }) => method === 'post' && path.startsWith('/api/v1/tickets/{id}/'),
    );
    const versions = actions.flatMap((operation) =>
      [undefined, '"v999"'].map((tag) => {
        const plain = sound(operation);
        const headers = { ...plain.headers, ...(tag ? { 'if-match': tag } : {}) };
        return { operation, base: world.all.url, request: { ...plain, headers, note: `version ${tag}` } };
      }),
    );
    expect(versions.length).toBeGreaterThan(10);
    const unknownBranch = { operation: register, base: world.all.url, request };
    const sendings = [unknownBranch, { ...unknownBranch, request: again }, ...versions];
    expect(await refusals(sendings)).toEqual([]);
  });
});

describe('generated bad input', () => {
  it(
    `${CASES} cases over all routes, seed ${SEED}, are all refused`,
    async () => {
      const started = performance.now();
      const outcome = await sendGenerated(world, sender, { total: CASES, seed: SEED, lanes: LANES });
      const seconds = Math.round((performance.now() - started) / 1000);
      console.log(
        `bad input: ${outcome.sent} cases over ${world.operations.length} routes in ${seconds} s, seed ${SEED}, ` +
          `answers ${JSON.stringify(outcome.statuses)}`,
      );
      expect(outcome.failures.join('\n\n')).toBe('');
      expect(outcome.sent).toBeGreaterThanOrEqual(CASES);
    },
    LIMIT_MS,
  );
});

describe('after all of it', () => {
  it('no table of any service has changed, and no topic has a new record', async () => {
    expect(Object.keys(before).length).toBeGreaterThan(60);
    expect(await quietFingerprint(world.all)).toEqual(before);
  });

  it('no service has logged an error', () => {
    expect(world.errors).toEqual([]);
  });

  it('every service is ready', async () => {
    const health = (await (await fetch(`${world.all.url}/health/services`)).json()) as {
      services: Record<string, { ready: boolean }>;
    };
    for (const name of Object.keys(world.all.urls))
      expect(health.services[name]).toMatchObject({ ready: true });
  });

  it.each(UNREADABLE_FILES)('%s as an import is told of and brings nothing', async (_note, name, content) => {
    const upload = world.operations.find(
      ({ path, method }) => path === '/api/v1/imports' && method === 'post',
    )!;
    const { body, contentType } = uploadOf(name, content, { branch: 'BB1' });
    const headers = { authorization: `Bearer ${world.tokenFor(upload)}` };
    const answer = await sender.send(world.all.url, {
      method: 'POST',
      path: '/api/v1/imports?kind=tickets',
      headers: { ...headers, 'content-type': contentType },
      body,
    });
    if (answer.status !== 202) return expect(complaintsOf(upload, answer)).toEqual([]);
    const { id } = JSON.parse(answer.text) as { id: string };
    const job = await eventually(async () => {
      const seen = await fetch(`${world.all.url}/api/v1/imports/${id}`, { headers });
      const view = (await seen.json()) as { state: string; rows: { created: number } };
      return ['done', 'failed'].includes(view.state) && view;
    });
    expect(job).toMatchObject({ state: 'failed', rows: { created: 0 } });
    expect(world.errors).toEqual([]);
  });
});
