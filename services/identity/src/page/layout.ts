import { createHash } from 'node:crypto';
import type { Language } from './texts.js';

const STYLE = `
body{font:16px/1.5 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;color:#1a1a1a;background:#f3f5f8;margin:0}
main{max-width:22rem;margin:12vh auto;padding:2rem;background:#fff;border-radius:8px;box-shadow:0 1px 4px #0003}
h1{font-size:1.4rem;margin:0 0 .5rem}
label{display:block;margin-top:1rem;font-weight:600}
input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #6b7280;border-radius:4px}
button{font:inherit;margin-top:1.5rem;width:100%;padding:.6rem;border:0;border-radius:4px;background:#0b57a4;color:#fff}
button.quiet{background:#e5e7eb;color:#1a1a1a;margin-top:.75rem}
:focus-visible{outline:3px solid #f59e0b;outline-offset:2px}
.error{color:#a11313}
.note{color:#4b5563;margin:0}
`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** Makes text safe inside HTML and quoted attributes. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** A whole page; `body` is HTML, `title` is text. */
export function page(language: Language, title: string, body: string): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body><main>
<h1>${escapeHtml(title)}</h1>
${body}
</main></body>
</html>`;
}

/**
 * Headers of a page. Browsers apply `form-action` also to the redirects that follow a form, so the page of the
 * application that gets the answer is named by its address in `returnTo`.
 */
export function pageHeaders(returnTo?: string): Record<string, string> {
  const target = returnTo === undefined ? undefined : URL.parse(returnTo)?.origin;
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': [
      "default-src 'none'",
      `style-src 'sha256-${STYLE_HASH}'`,
      `form-action 'self'${target ? ` ${target}` : ''}`,
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; '),
  };
}
