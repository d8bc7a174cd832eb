import fc from 'fast-check';
import type { Operation } from '../api-operations.js';
import { badCases } from './bad-cases.js';
import { curlOf, type BadRequest, type Sender } from './bad-request.js';
import { complaintsOf } from './verdict.js';
import type { BadInputWorld } from './world.js';

/** Of ten cases so many go to the service itself, past the gateway's own checks. */
const DIRECT_OF_TEN = 2;

type Run = Readonly<{ operation: Operation; base: string; cases: number; seed: number }>;

export type Outcome = Readonly<{
  sent: number;
  statuses: Readonly<Record<number, number>>;
  failures: string[];
}>;

/** How much there is to get wrong: bodies most of all, a bare address least. */
function weightOf({ body, parameters }: Operation): number {
  const has = (place: string): boolean => parameters.some((parameter) => parameter.in === place);
  return 1 + (body ? 6 : 0) + (has('query') ? 3 : 0) + (has('path') ? 2 : 0);
}

/** Divides the cases among all operations, most through the gateway. */
function runsOf(world: BadInputWorld, total: number, seed: number): Run[] {
  const weights = world.operations.reduce((sum, operation) => sum + weightOf(operation), 0);
  return world.operations.flatMap((operation, index) => {
    const share = Math.ceil((total * weightOf(operation)) / weights);
    const own = (seed + index) | 0;
    const service = world.directly(operation);
    const direct = service === null ? 0 : Math.floor((share * DIRECT_OF_TEN) / 10);
    return [
      { operation, base: world.all.url, cases: share - direct, seed: own },
      ...(service === null || direct === 0 ? [] : [{ ...service, cases: direct, seed: own }]),
    ];
  });
}

/** Sends `total` generated bad requests, spread over all operations, `lanes` at once; tells of each operation's smallest failing one. */
export async function sendGenerated(
  world: BadInputWorld,
  sender: Sender,
  options: Readonly<{ total: number; seed: number; lanes: number }>,
): Promise<Outcome> {
  const waiting = runsOf(world, options.total, options.seed);
  const statuses: Record<number, number> = {};
  const failures: string[] = [];
  let sent = 0;
  const judge = async ({ operation, base }: Run, request: BadRequest): Promise<void> => {
    const answer = await sender.send(base, request);
    sent++;
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    const complaints = complaintsOf(operation, answer);
    if (complaints.length > 0) throw new Error(complaints.join('\n    '));
  };
  const lane = async (): Promise<void> => {
    for (let run = waiting.shift(); run; run = waiting.shift()) {
      const current = run;
      const failure = await tried(world, current, (request) => judge(current, request));
      if (failure) failures.push(failure);
    }
  };
  await Promise.all(Array.from({ length: options.lanes }, lane));
  return { sent, statuses, failures };
}

async function tried(
  world: BadInputWorld,
  { operation, base, cases, seed }: Run,
  judge: (request: BadRequest) => Promise<void>,
): Promise<string | null> {
  const idFor = (parameter: string): string => world.idFor(operation, parameter);
  const requests = badCases({ operation, token: world.tokenFor(operation), idFor });
  const result = await fc.check(fc.asyncProperty(requests, judge), { numRuns: cases, seed });
  if (!result.failed) return null;
  const request = result.counterexample?.[0];
  const cause =
    result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance);
  const shown = request ? `  ${request.note}\n  ${curlOf(base, request)}` : '';
  return `${operation.method} ${operation.path}, shrunk ${result.numShrinks} times:\n    ${cause}\n${shown}`;
}
