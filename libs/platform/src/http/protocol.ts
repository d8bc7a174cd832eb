import { invalid, newId } from '@steward/kernel';
import type { FastifyInstance } from 'fastify';
import { pathOf, PROBLEM_TYPE } from './problems/problem-filter.js';
import { problemOf } from './problems/problem.js';

/**
 * What Node would answer by itself and without a word: a request without `Host`, and an `Expect` other than
 * `100-continue`.
 */
export function useProtocolChecks(fastify: FastifyInstance): void {
  (fastify.server as { requireHostHeader?: boolean }).requireHostHeader = false;
  fastify.addHook('onRequest', (request, _reply, done) => {
    const missing = request.raw.headers.host === undefined && request.raw.httpVersion === '1.1';
    done(missing ? invalid('request.malformed', 'The request names no Host.') : undefined);
  });
  fastify.server.on('checkExpectation', (request, response) => {
    const fault = { status: 417, code: 'request.expectation-failed', detail: 'This Expect cannot be met.' };
    const correlationId = newId();
    const path = pathOf(request.url ?? '/');
    response.writeHead(417, {
      'content-type': PROBLEM_TYPE,
      'x-correlation-id': correlationId,
      connection: 'close',
    });
    response.end(JSON.stringify(problemOf(fault, { path, correlationId })));
  });
}
