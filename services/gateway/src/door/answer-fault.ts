import { PROBLEM_TYPE, problemOf, type Fault } from '@steward/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The path of a request without its query, which may hold values that do not belong into answers. */
export function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}

/**
 * Answers with a problem of a status that the domain's errors do not have (408, 413, 502, 504). A body that has not
 * come in yet is not waited for: the connection ends after the answer.
 */
export function answerFault(request: FastifyRequest, reply: FastifyReply, fault: Fault): void {
  request.problemCode = fault.code;
  if (fault.retryAfterSeconds !== undefined) reply.header('retry-after', String(fault.retryAfterSeconds));
  if (!request.raw.complete) reply.header('connection', 'close');
  const problem = problemOf(fault, { path: pathOf(request.raw.url ?? '/'), correlationId: request.id });
  reply.code(fault.status).header('cache-control', 'no-store').type(PROBLEM_TYPE);
  void reply.send(JSON.stringify(problem));
}
