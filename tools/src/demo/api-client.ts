import { randomUUID } from 'node:crypto';

/** An answer of the API that is no success. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly method: string,
    readonly path: string,
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(`${method} ${path} answered ${status} ${code}: ${detail}`);
  }
}

type Page<T> = { items: T[]; next: string | null };
type Problem = { code?: string; detail?: string; errors?: unknown; fields?: unknown };

/** Calls the platform's API with the token of one person. */
export class ApiClient {
  constructor(
    private readonly base: string,
    private readonly token: string,
  ) {}

  /** Gives every item of a list, page by page. */
  async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    for (let after: string | null = ''; after !== null;) {
      const query = new URLSearchParams({ limit: '100', ...(after && { after }) });
      const page: Page<T> = await this.call('GET', `${path}?${query.toString()}`);
      items.push(...page.items);
      after = page.next;
    }
    return items;
  }

  get<T>(path: string): Promise<T> {
    return this.call('GET', path);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.call('POST', path, body);
  }

  /** Changes a record that was read at `version`. */
  patch<T>(path: string, version: number, body: unknown): Promise<T> {
    return this.call('PATCH', path, body, { 'if-match': `"v${version}"` });
  }

  private async call<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const answer = await fetch(`${this.base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await answer.text();
    if (answer.ok) return (text ? JSON.parse(text) : undefined) as T;
    throw problemOf(method, path, answer.status, text);
  }
}

function problemOf(method: string, path: string, status: number, text: string): ApiError {
  try {
    const problem = JSON.parse(text) as Problem;
    const fields = problem.errors ?? problem.fields;
    const detail = `${problem.detail ?? ''}${fields ? ` ${JSON.stringify(fields)}` : ''}`;
    return new ApiError(method, path, status, problem.code ?? '', detail);
  } catch {
    return new ApiError(method, path, status, '', text.slice(0, 200));
  }
}
