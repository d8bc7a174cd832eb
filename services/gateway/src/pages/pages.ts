import { createHash } from 'node:crypto';
import { publicAccess } from '@steward/platform';
import type { FastifyInstance } from 'fastify';
import type { Hook } from '../door/admission.js';
import { pagePolicy } from '../door/security-headers.js';
import { API_PREFIX, collections } from '../routing/route-table.rules.js';

const STYLE = `body{font:16px/1.6 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem;color:#1f2933}
h1{font-size:1.6rem}a{color:#0b5cad}li{margin:.3rem 0}small{color:#52606d}`;

const LINKS: readonly (readonly [href: string, zh: string, en: string])[] = [
  ['/docs', '接口文档', 'API reference'],
  ['/events', '合作方事件目录', 'Events for partners'],
  ['/openapi.json', 'OpenAPI 3.1 描述', 'OpenAPI 3.1 document'],
  ['/health/services', '服务状态', 'State of the services'],
];

const PAGE = `<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Steward</title><style>${STYLE}</style></head>
<body>
<h1>Steward</h1>
<p>物业与公用事业集团客户服务运营平台<br><small lang="en">Customer-service operating platform for property-management and utility groups</small></p>
<ul>${LINKS.map(([href, zh, en]) => `<li><a href="${href}">${zh} <span lang="en">${en}</span></a></li>`).join('')}</ul>
</body>
</html>
`;

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The start page, and the index of the API for whoever has a token. */
export function usePages(fastify: FastifyInstance, doors: Readonly<{ known: Hook; anyone: Hook }>): void {
  const config = { access: publicAccess };
  fastify.get('/', { config, onRequest: doors.anyone }, (_request, reply) => {
    pagePolicy(reply, POLICY);
    return reply.type('text/html; charset=utf-8').send(PAGE);
  });
  fastify.get(API_PREFIX, { config, onRequest: doors.known }, () => ({ links: links() }));
}

function links() {
  return [
    ...collections(),
    { name: 'stream', href: `${API_PREFIX}/stream`, service: 'gateway' },
    { name: 'openapi', href: '/openapi.json', service: 'gateway' },
    { name: 'docs', href: '/docs', service: 'gateway' },
  ];
}
