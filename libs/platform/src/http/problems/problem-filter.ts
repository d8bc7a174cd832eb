import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../../logging.js';
import { faultOf, problemOf, type Fault } from './problem.js';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** The path of a request without its query, which may hold values that do not belong into answers or logs. */
export function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}

function challenge(fault: Fault): string {
  return fault.code === 'auth.token-missing'
    ? 'Bearer realm="steward"'
    : `Bearer realm="steward", error="invalid_token", error_description="${fault.detail}"`;
}

/** Sends a fault as problem+json, with the header fields that its status asks for. */
export function sendFault(request: FastifyRequest, reply: FastifyReply, fault: Fault): void {
  request.problemCode = fault.code;
  if (fault.status === 401) reply.header('www-authenticate', challenge(fault));
  if (fault.retryAfterSeconds !== undefined) reply.header('retry-after', String(fault.retryAfterSeconds));
  const problem = problemOf(fault, { path: pathOf(request.raw.url ?? '/'), correlationId: request.id });
  reply.header('x-correlation-id', request.id);
  reply.code(fault.status).removeHeader('etag').header('cache-control', 'no-store').type(PROBLEM_TYPE);
  reply.send(JSON.stringify(problem));
}

/**
 * Makes every route answer errors of its hooks by `problems`, also those routes that are made before Nest is there.
 * Call it before the first route.
 */
export function useProblems(fastify: FastifyInstance, problems: ProblemFilter): void {
  fastify.addHook('onRoute', (route) => {
    route.errorHandler ??= (error, request, reply) => problems.answer(error, request, reply);
  });
}

/** Turns whatever was thrown into an answer; logs what we have to look at. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly allowedMethods: (path: string) => readonly string[],
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** The same for errors that happen outside Nest: in hooks, and in routes that stand on Fastify itself. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const fault = this.faultFor(error, request, reply);
    this.log(error, fault, request);
    if (reply.sent || reply.raw.headersSent) {
      // The answer had begun: the only honest sign left is a broken connection.
      reply.raw.destroy();
      return;
    }
    sendFault(request, reply, fault);
  }

  private faultFor(error: unknown, request: FastifyRequest, reply: FastifyReply): Fault {
    const fault = faultOf(error);
    if (!request.is404 || fault.status !== 404) return fault;
    const methods = this.allowedMethods(pathOf(request.raw.url ?? '/'));
    if (methods.length === 0 || methods.includes(request.method)) return fault;
    reply.header('allow', methods.join(', '));
    return {
      status: 405,
      code: 'route.method-not-allowed',
      detail: 'This address does not take this method.',
    };
  }

  private log(error: unknown, fault: Fault, request: FastifyRequest): void {
    if (fault.status < 500) return;
    const fields = {
      err: error,
      code: fault.code,
      correlationId: request.id,
      route: request.routeOptions?.url,
    };
    if (fault.unexpected) this.logger.error(fields, 'request failed unexpectedly');
    else
      this.logger.warn(
        { ...fields, err: undefined, reason: error instanceof Error ? error.message : String(error) },
        'request refused for now',
      );
  }
}
