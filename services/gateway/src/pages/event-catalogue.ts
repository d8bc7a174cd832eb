import { createHash } from 'node:crypto';
import { PARTNER_EVENTS, partnerAsyncApi, partnerSample, type EventDefinition } from '@steward/contracts';
import { publicAccess } from '@steward/platform';
import type { FastifyInstance } from 'fastify';
import type { Hook } from '../door/admission.js';
import { pagePolicy } from '../door/security-headers.js';

const STYLE = `body{font:16px/1.6 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f2933}
h1{font-size:1.6rem}h2{font-size:1.1rem;margin-top:2rem}a{color:#0b5cad}code,pre{font:13px/1.5 ui-monospace,monospace}
pre{background:#f4f6f8;padding:1rem;overflow:auto;border-radius:6px}small{color:#52606d}li{margin:.2rem 0}`;

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const section = (event: EventDefinition): string => `
<h2 id="${event.type}"><code>${event.type}</code></h2>
<p>${escaped(event.title)} <small>· one per fact of a ${escaped(event.aggregate)}, scope ${event.scope}</small><br>${escaped(event.description)}</p>
<pre>${escaped(JSON.stringify(partnerSample(event), null, 2))}</pre>`;

const page = (): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Events for partners · Steward</title><style>${STYLE}</style></head>
<body>
<h1>合作方事件目录 <span lang="en">Events for partners</span></h1>
<p>The same as an AsyncAPI 3.0 document with schemas: <a href="/asyncapi.json">asyncapi.json</a>. What of it you are
granted: <code>GET /api/v1/event-types</code>. The API: <a href="/docs">docs</a>.</p>
<ul>
<li>Subscribe with <code>POST /api/v1/subscriptions</code>, or read <code>GET /api/v1/partner-events</code>: the same JSON.</li>
<li>Webhooks are signed as <a href="https://www.standardwebhooks.com">Standard Webhooks</a> say; while a secret is rotated, both sign.</li>
<li>Delivery is at least once, in order per <code>aggregateId</code>; a repeat has the same <code>webhook-id</code>.</li>
<li>2xx takes an event. 429 (with <code>Retry-After</code>), 5xx and silence make all wait; 410 ends it; any other 4xx parks the event and the later ones of its record.</li>
<li>Ids of people are left out of <code>data</code> unless your grant names their kind.</li>
</ul>
<h2>Types</h2>
<ul>${PARTNER_EVENTS.map(({ type, title }) => `<li><a href="#${type}"><code>${type}</code></a> ${escaped(title)}</li>`).join('')}</ul>
${PARTNER_EVENTS.map(section).join('')}
</body>
</html>
`;

/** The event catalogue for partners (PTR-04): for people at `/events`, for programs at `/asyncapi.json`. */
export function useEventCatalogue(fastify: FastifyInstance, anyone: Hook): void {
  const config = { access: publicAccess };
  let [html, json] = ['', ''];
  fastify.get('/events', { config, onRequest: anyone }, (_request, reply) => {
    html ||= page();
    pagePolicy(reply, POLICY);
    return reply.type('text/html; charset=utf-8').send(html);
  });
  fastify.get('/asyncapi.json', { config, onRequest: anyone }, (_request, reply) => {
    json ||= JSON.stringify(partnerAsyncApi());
    return reply.type('application/json; charset=utf-8').send(json);
  });
}
