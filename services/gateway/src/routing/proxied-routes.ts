import { invalid, notFound } from '@steward/kernel';
import { publicAccess } from '@steward/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Hook } from '../door/admission.js';
import { pathOf } from '../door/answer-fault.js';
import type { ImportsList } from '../imports/imports-list.js';
import type { Proxy } from '../proxy/proxy.js';
import { destinationOf, IMPORT_KIND_NAMES, isPlainPath, PREFIXES } from './route-table.rules.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

type Parts = Readonly<{ proxy: Proxy; imports: ImportsList; admit: Hook }>;

/**
 * Registers every address that a service answers. They stand on Fastify itself: no controller, pipe or body parser
 * lies between the client and the service. The platform's guard counts them as public because the door (`admit`)
 * has already seen to the token; what a caller may do is each service's to decide.
 */
export function useProxiedRoutes(fastify: FastifyInstance, parts: Parts): void {
  void fastify.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    // Bodies stay in the socket until the proxy streams them on.
    scope.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null, undefined));
    scope.addHook('onRequest', parts.admit);
    const handler = (request: FastifyRequest, reply: FastifyReply): void => answer(request, reply, parts);
    for (const prefix of PREFIXES) {
      for (const url of [prefix, `${prefix}/*`]) {
        scope.route({ method: METHODS, url, config: { access: publicAccess }, handler });
      }
    }
    done();
  });
}

function answer(request: FastifyRequest, reply: FastifyReply, { proxy, imports }: Parts): void {
  const url = request.raw.url!;
  const path = pathOf(url);
  if (!isPlainPath(path)) throw invalid('request.bad-url', 'The path holds segments that are not accepted.');
  const destination = destinationOf(request.method, path, url.slice(path.length + 1));
  switch (destination.to) {
    case 'service':
      return proxy.forward(request, reply, destination);
    case 'all-imports':
      return imports.answer(request, reply);
    case 'unknown-kind':
      throw unknownKind(destination.kind);
    case 'nowhere':
      throw notFound('route.not-found', 'There is nothing at this address.');
  }
}

const unknownKind = (kind: string | null) =>
  invalid('gateway.unknown-import-kind', 'Say what is imported: ?kind=…', [
    {
      path: 'kind',
      code: kind === null ? 'missing' : 'unknown',
      detail: `one of ${IMPORT_KIND_NAMES.join(', ')}`,
    },
  ]);
