import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { systemClock } from '@steward/kernel';
import { TokenVerifier } from '@steward/platform';
import { ROLES_OF_NOTES } from './notes-document.js';

/** Mistakes that a service could make, each of which the matrix has to find. */
export const FAULTS = [
  'a route without its guard',
  'a token for another audience passes',
  'a role is not asked for',
  'a list shows a foreign row',
  'a total counts foreign rows',
  'a foreign record answers 403',
  'a foreign record is given',
  'a foreign record is changed',
  'a filter finds foreign rows',
  'a cursor opens a foreign list',
  'a site is not told from another',
  'a foreign branch is taken from the body',
  'a name is unique over all branches',
  'an error tells a foreign name',
  'another spelling goes round the guard',
  'a listed role is refused',
] as const;
export type Fault = (typeof FAULTS)[number];

export type Unit = Readonly<{ branchId: string; siteId: string }>;
/** Where somebody's roles hold: everywhere, in a branch, at a site. */
export type Holder = Readonly<{ roles: readonly string[]; branchId?: string; siteId?: string }>;

type Note = { id: string; branchId: string; siteId: string; code: string; text: string };
type Call = Readonly<{
  method: string;
  path: string;
  query: URLSearchParams;
  body: Record<string, string>;
  holder: Holder;
}>;
type Said = Readonly<{ status: number; body: object }>;

const ITEM = /^\/api\/v1\/notes\/([0-9a-f-]{36})$/;
const LIST = '/api/v1/notes';

const problem = (status: number, code: string, detail = ''): Said => ({
  status,
  body: { status, code, detail },
});
const unknown = problem(404, 'note.not-found');

/** A service with one kind of record in memory, which keeps to the rules but for one fault. */
export class NotesService {
  private readonly notes: Note[] = [];
  private readonly verifier: TokenVerifier;
  private server!: Server;

  constructor(
    issuer: string,
    private readonly holders: ReadonlyMap<string, Holder>,
    private readonly units: readonly Unit[],
    private readonly fault: Fault | null,
  ) {
    this.verifier = new TokenVerifier({ issuer, audience: 'platform-api' }, systemClock);
  }

  async start(): Promise<string> {
    this.server = createServer((request, response) => void this.answer(request, response));
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((done) => this.server.close(done));
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await this.said(request);
    const type = status < 400 ? 'application/json' : 'application/problem+json';
    const challenge = status === 401 ? { 'www-authenticate': 'Bearer realm="notes"' } : {};
    response.writeHead(status, { 'content-type': type, ...challenge }).end(JSON.stringify(body));
  }

  private async said(request: IncomingMessage): Promise<Said> {
    const [path = '', query] = (request.url ?? '').split('?');
    const text = await readAll(request);
    const subject = await this.subjectOf(request.headers.authorization, path);
    if (subject === undefined) return problem(401, 'auth.token-invalid');
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, string>;
    const holder = this.holders.get(subject) ?? { roles: [] };
    return this.route({ method: request.method!, path, query: new URLSearchParams(query), body, holder });
  }

  private async subjectOf(authorization: string | undefined, path: string): Promise<string | undefined> {
    const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
    if (this.fault === 'a route without its guard' && ITEM.test(path)) return 'hq.admin';
    if (this.fault === 'another spelling goes round the guard' && path.endsWith('/')) return 'hq.admin';
    if (token === undefined) return undefined;
    const verified = await this.verifier.verify(token).catch(() => undefined);
    if (verified) return verified.subject;
    if (this.fault !== 'a token for another audience passes') return undefined;
    const claims = claimsOf(token);
    return claims['aud'] === 'another-api' ? String(claims['sub']) : undefined;
  }

  private route(call: Call): Said {
    const path =
      this.fault === 'another spelling goes round the guard' ? call.path.replace(/\/$/, '') : call.path;
    const id = ITEM.exec(path)?.[1];
    const known =
      (path === LIST && ['GET', 'POST'].includes(call.method)) ||
      (id !== undefined && ['GET', 'PATCH'].includes(call.method));
    if (!known) return problem(404, 'route.not-found');
    if (!this.mayCall(call)) return problem(403, 'access.role-missing');
    if (id !== undefined) return this.item(call, id);
    return call.method === 'GET' ? this.list(call) : this.add(call);
  }

  private mayCall({ holder: { roles }, method }: Call): boolean {
    if (this.fault === 'a role is not asked for') return roles.length > 0;
    if (this.fault === 'a listed role is refused' && method === 'GET' && !roles.includes('chief'))
      return false;
    return roles.some((role) => ROLES_OF_NOTES.includes(role));
  }

  private sees(holder: Holder, note: Note): boolean {
    if (holder.siteId !== undefined && this.fault !== 'a site is not told from another')
      return note.siteId === holder.siteId;
    const branchId = holder.branchId ?? this.units.find((unit) => unit.siteId === holder.siteId)?.branchId;
    return branchId === undefined ? holder.roles.includes('chief') : note.branchId === branchId;
  }

  private item({ method, holder, body }: Call, id: string): Said {
    const note = this.notes.find((each) => each.id === id);
    const visible = note && this.sees(holder, note);
    if (!note) return unknown;
    if (!visible && this.fault === 'a foreign record answers 403') return problem(403, 'note.not-yours');
    if (!visible && this.fault === 'an error tells a foreign name')
      return problem(404, 'note.not-found', `${note.code} is not yours`);
    if (!visible && this.fault === 'a foreign record is changed' && method === 'PATCH')
      Object.assign(note, body);
    if (!visible && !(this.fault === 'a foreign record is given' && method === 'GET')) return unknown;
    if (method === 'PATCH') Object.assign(note, body);
    return { status: 200, body: note };
  }

  private list({ holder, query }: Call): Said {
    const visible = this.notes.filter((note) => this.sees(holder, note));
    const foreign = this.notes.filter((note) => !visible.includes(note));
    const code = query.get('code');
    const after = query.get('after');
    if (code !== null && this.fault === 'a filter finds foreign rows') visible.push(...foreign.slice(-1));
    if (after !== null && this.fault === 'a cursor opens a foreign list') visible.push(...foreign);
    const shown = visible.filter((note) => code === null || note.code === code);
    if (this.fault === 'a list shows a foreign row') shown.push(...foreign.slice(-1));
    const limit = Number(query.get('limit') ?? 50);
    const start =
      after === null ? 0 : shown.findIndex(({ id }) => id === Buffer.from(after, 'base64url').toString()) + 1;
    const items = shown.slice(start, start + limit);
    const more = shown.length > start + limit;
    const total = this.fault === 'a total counts foreign rows' ? this.notes.length : shown.length;
    return {
      status: 200,
      body: { items, total, next: more ? Buffer.from(items.at(-1)!.id).toString('base64url') : null },
    };
  }

  private add({ holder, body }: Call): Said {
    const note = { id: randomUUID(), ...body } as Note;
    const fits = this.units.some((unit) => unit.branchId === note.branchId && unit.siteId === note.siteId);
    const mine = this.sees(holder, note) && fits;
    if (!mine && this.fault !== 'a foreign branch is taken from the body') return unknown;
    const everywhere = this.fault === 'a name is unique over all branches';
    if (
      this.notes.some(
        ({ code, branchId }) => code === note.code && (everywhere || branchId === note.branchId),
      )
    )
      return problem(409, 'note.code-taken');
    this.notes.push(note);
    return { status: 201, body: note };
  }
}

const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString() || '{}') as Record<
    string,
    unknown
  >;

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
