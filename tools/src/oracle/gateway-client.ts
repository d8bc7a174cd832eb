import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiError } from '../demo/api-client.js';

/** Gives an access token; `fresh` asks for a new one because the last was refused. */
export type TokenSource = (fresh: boolean) => Promise<string>;

/** Where the platform is reached, and how its caller signs in. */
export type GatewayAccess = Readonly<{
  gateway: string;
  token: TokenSource;
  /** go with every request */
  headers?: Readonly<Record<string, string>>;
  /** is told of every answer */
  answered?: (method: string, path: string, status: number) => void;
}>;

type Page<T> = Readonly<{ items: readonly T[]; next: string | null }>;
type Query = Readonly<Record<string, string>>;
type Problem = Readonly<{ code?: string; detail?: string; errors?: unknown }>;

const LARGEST_PAGE = 200;
const LIMIT_MS = 60_000;
const TRIES = 8;
/** Answers after which the same may be asked again. */
const PASSING: readonly number[] = [429, 502, 503, 504];

/** Talks to the platform through its gateway: waits at rate limits, renews its token, tries again what got lost. */
export class GatewayClient {
  constructor(readonly access: GatewayAccess) {}

  get<T>(path: string, query: Query = {}): Promise<T> {
    const text = new URLSearchParams(query).toString();
    return this.ask('GET', text ? `${path}?${text}` : path, {});
  }

  /** Sends a command; every try carries the same key, so the effect comes once. `version` is the one that it changes. */
  post<T>(path: string, body: unknown, version?: number): Promise<T> {
    const headers = {
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      ...(version === undefined ? {} : { 'if-match': `"v${version}"` }),
    };
    return this.ask('POST', path, { headers, body: JSON.stringify(body) });
  }

  /** Takes away the record's `version`. */
  delete(path: string, version: number): Promise<void> {
    return this.ask('DELETE', path, { headers: { 'if-match': `"v${version}"` } });
  }

  /** Every item of a list, page after page. */
  async *list<T>(path: string, query: Query = {}): AsyncGenerator<T> {
    for (let after: string | null = ''; after !== null;) {
      const where = { ...query, limit: String(LARGEST_PAGE), ...(after && { after }) };
      const page: Page<T> = await this.get(path, where);
      yield* page.items;
      after = page.next;
    }
  }

  private async ask<T>(method: string, path: string, init: RequestInit): Promise<T> {
    for (let tries = 1, fresh = false; ; tries += 1) {
      const token = await this.access.token(fresh);
      const answer = await this.send(path, { ...init, method }, token).catch((error: Error) => error);
      if (answer instanceof Error) {
        if (tries === TRIES) throw new Error(`${method} ${path}: no answer`, { cause: answer });
      } else {
        const text = await answer.text();
        this.access.answered?.(method, path, answer.status);
        if (answer.ok) return (text ? JSON.parse(text) : undefined) as T;
        const expired: boolean = answer.status === 401 && !fresh;
        const passing = PASSING.includes(answer.status) && tries < TRIES;
        if (!expired && !passing) throw problemOf(method, path, answer.status, text);
        fresh = expired;
      }
      await pause(waitMs(answer, tries));
    }
  }

  private send(path: string, init: RequestInit, token: string): Promise<Response> {
    return fetch(`${this.access.gateway}/api/v1${path}`, {
      ...init,
      headers: {
        ...this.access.headers,
        ...(init.headers as Record<string, string>),
        authorization: `Bearer ${token}`,
      },
      signal: AbortSignal.timeout(LIMIT_MS),
    });
  }
}

/** As long as the answer asks for, else longer with every try. */
function waitMs(answer: Response | Error, tries: number): number {
  const asked = answer instanceof Error ? null : answer.headers.get('retry-after');
  return asked !== null && /^\d+$/.test(asked) ? Number(asked) * 1000 : Math.min(100 * 2 ** tries, 5000);
}

function problemOf(method: string, path: string, status: number, text: string): ApiError {
  try {
    const { code = '', detail = '', errors } = JSON.parse(text) as Problem;
    return new ApiError(method, path, status, code, errors ? `${detail} ${JSON.stringify(errors)}` : detail);
  } catch {
    return new ApiError(method, path, status, '', text.slice(0, 200));
  }
}
