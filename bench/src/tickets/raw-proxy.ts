// The baseline of the gateway: a plain proxy on fastify and undici that streams bodies both ways and passes the header
// fields on as they are. No token, no limits, no circuit, no deadline, no trace, no log.
import fastify from 'fastify';
import { Pool } from 'undici';

const origin = process.env['UPSTREAM']!;
const pool = new Pool(origin, { connections: 256, pipelining: 1 });
const server = fastify({ logger: false });
server.removeAllContentTypeParsers();
server.addContentTypeParser('*', (_request, _payload, done) => done(null));

server.get('/health/ready', () => ({}));
server.all('/api/*', (request, reply) => {
  const { raw } = request;
  const { connection: _1, 'transfer-encoding': _2, ...headers } = raw.headers;
  const body = raw.method === 'GET' || raw.method === 'HEAD' ? null : raw;
  reply.hijack();
  const options = { path: raw.url!, method: raw.method as 'POST', headers, body };
  pool
    .stream(options, ({ statusCode, headers: { connection: _3, 'keep-alive': _4, ...answer } }) =>
      reply.raw.writeHead(statusCode, answer),
    )
    .catch(() => reply.raw.destroy());
});

await server.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
