import { randomUUID } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { JobView, RowProblemView } from '@steward/platform';
import { ImportError } from './arguments.js';
import { uploadFile, type UploadAnswer } from './multipart-upload.js';

export type ImportProgress = Readonly<{ phase: 'sending' | 'importing'; share: number; job?: JobView }>;

export type ImportRequest = Readonly<{
  gateway: string;
  /** Gives an access token; `fresh` asks for a new one because the last was refused. */
  token: (fresh: boolean) => Promise<string>;
  kind: string;
  file: string;
  /** A file with the mapping, or the mapping itself. */
  mapping?: string | object | undefined;
  /** Text fields of the upload: branch, source, mode, dryRun, notify, encoding, sheet. */
  fields?: Readonly<Record<string, string>>;
  onProgress?: (progress: ImportProgress) => void;
}>;

export type ImportResult = Readonly<{ job: JobView; rows: readonly RowProblemView[] }>;

const TRIES = 5;
const ENDED: readonly JobView['state'][] = ['done', 'failed', 'cancelled'];
const SLOWEST_POLL_MS = 2000;

type Problem = { code?: string; detail?: string; errors?: { path: string; detail: string }[] };

/**
 * Imports a file through the gateway and waits for the end: the job, and all problems of rows. A broken line is tried
 * again under the same Idempotency-Key. Throws `ImportError` with what the platform said.
 */
export async function importFile(wish: ImportRequest): Promise<ImportResult> {
  await access(wish.file).catch(() => {
    throw new ImportError(`There is no file ${wish.file}.`);
  });
  const started = await send(wish);
  const job = await follow(wish, started);
  return { job, rows: await allRows(wish, job) };
}

async function send(wish: ImportRequest): Promise<JobView> {
  const { gateway, kind, file, onProgress } = wish;
  const mapping = await mappingText(wish.mapping);
  const fields = { ...wish.fields, ...(mapping === undefined ? {} : { mapping }) };
  const key = randomUUID();
  const answer = await persistently(async (fresh) =>
    uploadFile({
      url: `${gateway}/api/v1/imports?kind=${encodeURIComponent(kind)}`,
      headers: { authorization: `Bearer ${await wish.token(fresh)}`, 'idempotency-key': key },
      ...{ fields, file },
      onProgress: (sent, total) => onProgress?.({ phase: 'sending', share: total === 0 ? 1 : sent / total }),
    }),
  );
  if (answer.status !== 202) throw refusal(answer);
  return JSON.parse(answer.text) as JobView;
}

async function mappingText(mapping: ImportRequest['mapping']): Promise<string | undefined> {
  if (typeof mapping === 'object') return JSON.stringify(mapping);
  if (mapping === undefined) return undefined;
  return readFile(mapping, 'utf8').catch(() => {
    throw new ImportError(`There is no mapping file ${mapping}.`);
  });
}

async function follow(wish: ImportRequest, started: JobView): Promise<JobView> {
  let job = started;
  for (let wait = 100; !ENDED.includes(job.state); wait = Math.min(wait * 1.5, SLOWEST_POLL_MS)) {
    await pause(wait);
    job = await get<JobView>(wish, `/api/v1/imports/${job.id}`);
    wish.onProgress?.({ phase: 'importing', share: job.progress.share, job });
  }
  return job;
}

async function allRows(wish: ImportRequest, { id, rows }: JobView): Promise<RowProblemView[]> {
  const all: RowProblemView[] = [];
  if (rows.rejected + rows.warned === 0) return all;
  for (let after = ''; ;) {
    const page = await get<{ items: RowProblemView[]; next: string | null }>(
      wish,
      `/api/v1/imports/${id}/rows?limit=200${after}`,
    );
    all.push(...page.items);
    if (!page.next) return all;
    after = `&after=${encodeURIComponent(page.next)}`;
  }
}

async function get<T>(wish: ImportRequest, path: string): Promise<T> {
  const answer = await persistently(async (fresh) => {
    const response = await fetch(wish.gateway + path, {
      headers: { authorization: `Bearer ${await wish.token(fresh)}` },
    });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      text: await response.text(),
    };
  });
  if (answer.status !== 200) throw refusal(answer);
  return JSON.parse(answer.text) as T;
}

/** Tries again when the line breaks, the platform is busy, or the token has run out. */
async function persistently(call: (freshToken: boolean) => Promise<UploadAnswer>): Promise<UploadAnswer> {
  let fresh = false;
  for (let tries = 1; ; tries++) {
    let answer: UploadAnswer | undefined;
    try {
      answer = await call(fresh);
    } catch (error) {
      if (tries >= TRIES || error instanceof ImportError) throw unreachable(error);
    }
    if (answer && answer.status !== 401 && answer.status !== 429 && answer.status < 500) return answer;
    if (answer && (tries >= TRIES || (answer.status === 401 && fresh))) return answer;
    fresh = answer?.status === 401;
    if (!fresh) await pause(Number(answer?.headers['retry-after'] ?? tries) * 1000);
  }
}

const unreachable = (error: unknown): Error =>
  error instanceof ImportError
    ? error
    : new ImportError(
        `The platform does not answer: ${(error as Error).message || (error as { code?: string }).code}.`,
      );

function refusal({ status, text }: UploadAnswer): ImportError {
  let problem: Problem = {};
  try {
    problem = JSON.parse(text) as Problem;
  } catch {
    // Something between here and the platform answered.
  }
  const fields = (problem.errors ?? []).map(({ path, detail }) => `\n  ${path}: ${detail}`);
  return new ImportError(
    `Refused (${status}${problem.code ? `, ${problem.code}` : ''}): ${problem.detail ?? text.slice(0, 200)}${fields.join('')}`,
  );
}
