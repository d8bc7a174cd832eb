import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { publicAccess } from '../access.js';

const page = (title: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>${title.replace(/[<&]/g, '')}</title>
    <link rel="stylesheet" href="/docs/assets/swagger-ui.css">
  </head>
  <body>
    <div id="docs"></div>
    <script src="/docs/assets/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true });\n`;
const POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'";

/** The folder of Swagger UI's files, wherever npm has put the package that @nestjs/swagger brings. */
function assetsFolder(): string {
  const swagger = createRequire(import.meta.url).resolve('@nestjs/swagger/package.json');
  return dirname(createRequire(swagger).resolve('swagger-ui-dist/package.json'));
}

/**
 * Serves `/openapi.json` and `/docs`. `document` is asked at the first call for it, not at boot, and its answer is
 * kept; both are public.
 */
export function useDocs(
  fastify: FastifyInstance,
  title: string,
  document: () => object | Promise<object>,
): void {
  let text: Promise<string> | null = null;
  const config = { access: publicAccess };
  fastify.get('/openapi.json', { config }, async (_request, reply) => {
    text ??= Promise.resolve(document()).then((made) => JSON.stringify(made));
    return reply.type('application/json; charset=utf-8').send(await text);
  });
  fastify.get('/docs', { config }, (_request, reply) => {
    void reply.header('content-security-policy', POLICY).type('text/html; charset=utf-8').send(page(title));
  });
  fastify.get('/docs/start.js', { config }, (_request, reply) => {
    void reply.type('text/javascript; charset=utf-8').send(START);
  });
  void fastify.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: publicAccess };
    });
    const allowed = /\/swagger-ui(-bundle\.js|\.css)$/;
    await scope.register(fastifyStatic, {
      root: assetsFolder(),
      prefix: '/docs/assets/',
      index: false,
      cacheControl: false,
      allowedPath: (path) => allowed.test(path),
    });
  });
}
