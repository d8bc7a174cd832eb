import type { FastifyInstance } from 'fastify';
import type { Health } from '../health.js';
import type { Telemetry } from '../telemetry/index.js';
import { publicAccess } from './access.js';

/** `/health/live`, `/health/ready` (503 until every check is good) and `/metrics`. */
export function useSystemRoutes(fastify: FastifyInstance, health: Health, telemetry: Telemetry): void {
  const config = { access: publicAccess };
  fastify.get('/health/live', { config }, () => ({ status: 'live' }));
  fastify.get('/health/ready', { config }, async (_request, reply) => {
    const report = await health.report();
    return reply.code(report.status === 'ready' ? 200 : 503).send(report);
  });
  fastify.get('/metrics', { config }, async (_request, reply) => {
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await telemetry.prometheus());
  });
}
