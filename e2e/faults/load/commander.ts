import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Ledger } from '../ledger.js';
import type { Tokens } from './tokens.js';

export type Wish = Readonly<{
  login: string;
  method: 'POST' | 'PATCH';
  /** below `/api/v1` */
  path: string;
  /** JSON, unless `form` makes the body */
  body: unknown;
  form?: () => FormData;
  /** the version that a change is made of */
  version?: number;
}>;

/** A final answer. */
export type Reply = Readonly<{ status: number; code?: string | undefined; answer: Answer; body: unknown }>;

type Attempt = Readonly<{ status: number; code?: string | undefined; retryAfterS: number; body: unknown }>;

/** A request that got no final answer. */
export type Failure = Readonly<{ at: string; what: string; after: string }>;

const ATTEMPT_MS = 20_000;
const UPLOAD_MS = 60_000;
const AFTER_LOSS_MS = 150;

/**
 * Sends commands as a careful client does: with an Idempotency-Key, again under the same key while the outcome is not
 * known, and not before the time that the platform asked for. The ledger knows of each before it goes out.
 */
export class Commander {
  /** commands that nobody has answered yet, by key */
  readonly open = new Map<string, Wish>();
  readonly failures: Failure[] = [];

  constructor(
    private readonly gateway: string,
    private readonly tokens: Tokens,
    private readonly ledger: Ledger,
  ) {}

  /** Resolves with the final answer, however long that takes. */
  async send(wish: Wish): Promise<Reply> {
    const key = randomUUID();
    const { login, method, path, body } = wish;
    this.open.set(key, wish);
    await this.ledger.write({ what: 'sent', at: now(), key, login, method, path, body });
    const last = await this.untilFinal(
      () => this.attempt(wish, key),
      (after) => {
        this.failures.push({ at: now(), what: `${method} ${path}`, after });
        return this.ledger.write({ what: 'repeated', at: now(), key, after });
      },
    );
    const answer = summary(last.body);
    const code = last.code === undefined ? {} : { code: last.code };
    await this.ledger.write({ what: 'answered', at: now(), key, status: last.status, ...code, answer });
    this.open.delete(key);
    return { ...last, answer };
  }

  /** Reads, as often as it takes to get a final answer. */
  async get<T>(login: string, path: string): Promise<{ status: number; body: T }> {
    const last = await this.untilFinal(
      () => this.call(login, path, { method: 'GET' }, ATTEMPT_MS),
      (after) => {
        this.failures.push({ at: now(), what: `GET ${path}`, after });
        return Promise.resolve();
      },
    );
    return { status: last.status, body: last.body as T };
  }

  private async untilFinal(
    attempt: () => Promise<Attempt>,
    told: (after: string) => Promise<void>,
  ): Promise<Attempt> {
    for (;;) {
      let waitMs = AFTER_LOSS_MS;
      let after: string;
      try {
        const answer = await attempt();
        if (isFinal(answer.status)) return answer;
        after = `${answer.status} ${answer.code ?? ''}`.trim();
        waitMs = Math.max(waitMs, answer.retryAfterS * 1000);
      } catch (error) {
        after = reasonOf(error);
      }
      await told(after);
      await pause(waitMs);
    }
  }

  private attempt(wish: Wish, key: string): Promise<Attempt> {
    const { login, method, path, body, form, version } = wish;
    const headers = {
      'idempotency-key': key,
      // stands in the trail and in the events of whatever the command does
      'x-correlation-id': key,
      ...(form === undefined && { 'content-type': 'application/json' }),
      ...(version !== undefined && { 'if-match': `"v${version}"` }),
    };
    const init = { method, headers, body: form === undefined ? JSON.stringify(body) : form() };
    return this.call(login, path, init, form === undefined ? ATTEMPT_MS : UPLOAD_MS);
  }

  private async call(login: string, path: string, init: RequestInit, limitMs: number): Promise<Attempt> {
    let refused: string | undefined;
    for (;;) {
      const token = await this.tokens.of(login, refused);
      const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` };
      const signal = AbortSignal.timeout(limitMs);
      const response = await fetch(`${this.gateway}/api/v1${path}`, { ...init, headers, signal });
      const body = parsed(await response.text());
      if (response.status === 401 && refused === undefined) {
        refused = token;
        continue;
      }
      const { code } = (body ?? {}) as { code?: string };
      const retryAfterS = Number(response.headers.get('retry-after') ?? 0) || 0;
      return { status: response.status, code: response.ok ? undefined : code, retryAfterS, body };
    }
  }
}

/** An outcome that a repeat would not change: everything but a busy, broken or unsure platform. */
const isFinal = (status: number): boolean => status < 500 && ![401, 408, 425, 429].includes(status);

const now = (): string => new Date().toISOString();

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text === '' ? undefined : { code: text.slice(0, 80) };
  }
}

function summary(body: unknown): Answer {
  const { id, number, version, state, branchId } = (body ?? {}) as Answer;
  return { id, number, version, state, branchId };
}

/** The innermost cause: fetch itself only says that it failed. */
function reasonOf(error: unknown): string {
  const { cause, code, message } = error as { cause?: unknown; code?: unknown; message?: string };
  if (cause) return reasonOf(cause);
  return typeof code === 'string' ? code : (message ?? String(error));
}
