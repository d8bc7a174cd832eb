import type { FastifyInstance, FastifyReply } from 'fastify';

/** For answers that are data: nothing in them may be run, loaded or framed. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** Swagger UI sets styles by attributes and draws its icons from data addresses. */
const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HSTS = 'max-age=31536000; includeSubDomains';

const FIELDS: Readonly<Record<string, string>> = {
  'content-security-policy': DATA_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

/** Sets the security fields on every answer; a page sets its own policy over the strict one. */
export function useSecurityHeaders(fastify: FastifyInstance, options: Readonly<{ https: boolean }>): void {
  const fields = options.https ? { ...FIELDS, 'strict-transport-security': HSTS } : FIELDS;
  fastify.addHook('onRequest', (_request, reply, done) => {
    reply.headers(fields);
    done();
  });
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    if (request.url === '/docs' || request.url.startsWith('/docs?')) pagePolicy(reply, DOCS_POLICY);
    done();
  });
}

/** The policy of one page in place of the strict one. */
export function pagePolicy(reply: FastifyReply, policy: string): void {
  reply.header('content-security-policy', policy);
}
