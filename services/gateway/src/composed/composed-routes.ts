import { publicAccess, schemaProblem, text } from '@steward/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { clientKey, type Hook } from '../door/admission.js';
import { answerFault } from '../door/answer-fault.js';
import { PLACE_FAULTS } from '../proxy/faults.js';
import type { Places } from '../proxy/places.js';
import { API_PREFIX } from '../routing/route-table.rules.js';
import { Composition, type CompositionTools } from './composition.js';
import { customerOverview } from './customer-overview.js';
import type { Json } from './part.js';
import { search } from './search.js';
import { unitDossier } from './unit-dossier.js';

type Parts = Readonly<{ tools: CompositionTools; places: Places; admit: Hook }>;

type Compose = (composition: Composition, request: FastifyRequest) => Promise<Json>;

const NO_QUERY = z.strictObject({});
/** Characters of what is searched for, at most. */
export const MAX_WORDS = 100;
const SEARCH = z.strictObject({ q: text(MAX_WORDS) });

/** Answers that the gateway puts together from several services, by the way of the template in its document. */
const ROUTES: Readonly<Record<string, Compose>> = {
  '/customers/{id}/overview': (composition, request) => customerOverview(composition, idOf(request)),
  '/property-units/{id}/dossier': (composition, request) => unitDossier(composition, idOf(request)),
  '/search': (composition, request) => search(composition, checked(SEARCH, request.query, 'query').q),
};

/**
 * Registers the composed answers. Like the proxied routes they stand on Fastify itself and count as public there,
 * because the door (`admit`) has seen to the token; what the caller may see is decided by the services.
 */
export function useComposedRoutes(fastify: FastifyInstance, { tools, places, admit }: Parts): void {
  const config = { access: publicAccess };
  for (const [template, compose] of Object.entries(ROUTES)) {
    const url = `${API_PREFIX}${template.replaceAll(/\{(\w+)\}/g, ':$1')}`;
    fastify.get(url, { config, onRequest: admit }, async (request, reply) => {
      const caller = clientKey(request.caller!);
      const noPlace = places.enter(caller);
      if (noPlace) {
        answerFault(request, reply, PLACE_FAULTS[noPlace]);
        return reply;
      }
      const composition = new Composition(request, `${API_PREFIX}${template}`, tools);
      const gone = (): void => composition.stop();
      reply.raw.once('close', gone);
      try {
        return await compose(composition, request);
      } finally {
        composition.stop();
        reply.raw.off('close', gone);
        places.leave(caller);
      }
    });
  }
}

function idOf(request: FastifyRequest): string {
  checked(NO_QUERY, request.query, 'query');
  return checked(z.uuid(), (request.params as Readonly<{ id: string }>).id, 'param', 'id');
}

/** A part of the request as its schema gives it. Throws 400 with the fields that are not as they must be. */
function checked<T>(schema: z.ZodType<T>, value: unknown, type: 'query' | 'param', data?: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw schemaProblem(result.error.issues, { type, data });
}
