import type { FastifyInstance } from 'fastify';
import type { Hook } from '../door/admission.js';
import { pathOf } from '../door/answer-fault.js';
import type { ApiDocument } from './api-document.js';

/**
 * Gives out the merged document at `/openapi.json`, in place of the one that every service makes of its own routes;
 * `/docs` reads it from there.
 */
export function useApiDocument(fastify: FastifyInstance, document: ApiDocument, admit: Hook): void {
  fastify.addHook('onRequest', async (request, reply) => {
    const path = pathOf(request.raw.url ?? '');
    if (path !== '/openapi.json' && path !== '/docs') return;
    await admit(request, reply);
    if (path === '/docs' || request.method !== 'GET') return;
    reply.type('application/json; charset=utf-8').header('cache-control', 'no-cache');
    return reply.send(await document.text());
  });
}
