import { createServer, type IncomingMessage, type Server } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { importFile, type ImportProgress, type ImportRequest } from './import-file.js';

type Reply = { status: number; body: unknown; headers?: Record<string, string> };
type Seen = { path: string; headers: IncomingMessage['headers']; form?: FormData };

const job = (state: string, share = 0) => ({
  ...{ id: 'tickets-1', state, progress: { share }, file: {}, error: null },
  rows: { read: 3, created: 1, updated: 0, unchanged: 0, rejected: 2, warned: 0 },
});

let server: Server;
let gateway: string;
let folder: string;
let seen: Seen[];
let answer: (call: Seen) => Reply | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'import-'));
  // The other end of the line, to see what really goes over it.
  server = createServer((request, response) => {
    void (async () => {
      const headers = request.headers as Record<string, string>;
      const call: Seen = { path: request.url!, headers };
      const isUpload = request.method === 'POST' && headers['content-length'] !== undefined;
      if (isUpload)
        call.form = await new Response(Readable.toWeb(request) as ReadableStream, { headers }).formData();
      seen.push(call);
      const reply = answer(call);
      if (!reply) return response.destroy();
      response
        .writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers })
        .end(JSON.stringify(reply.body));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  gateway = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  seen = [];
});

const fileOf = (content: string): string => {
  const file = join(folder, 'list "1".csv');
  writeFileSync(file, content);
  return file;
};
const wish = (more: Partial<ImportRequest> = {}): ImportRequest => ({
  gateway,
  token: (fresh) => Promise.resolve(fresh ? 'new' : 'old'),
  kind: 'tickets',
  file: fileOf('a,b\n1,2\n'),
  ...more,
});

describe('importing a file', () => {
  it('sends file and fields, follows the job and reads all pages of rows', async () => {
    const states = [job('running', 0.5), job('done', 1)];
    answer = ({ path, form }) => {
      if (form) return { status: 202, body: job('uploaded') };
      if (!path.includes('/rows')) return { status: 200, body: states.shift() };
      return {
        status: 200,
        body: path.includes('after')
          ? { items: [{ rowNumber: 3 }], next: null }
          : { items: [{ rowNumber: 2 }], next: 'c/1' },
      };
    };
    const progress: ImportProgress[] = [];
    const result = await importFile(
      wish({
        mapping: { fields: {} },
        fields: { branch: '分公司', dryRun: 'true' },
        onProgress: (step) => progress.push(step),
      }),
    );
    expect(result).toMatchObject({ job: { state: 'done' }, rows: [{ rowNumber: 2 }, { rowNumber: 3 }] });
    const { form, path, headers } = seen[0]!;
    expect(path).toBe('/api/v1/imports?kind=tickets');
    expect(headers).toMatchObject({ authorization: 'Bearer old', 'idempotency-key': expect.any(String) });
    expect([form!.get('mapping'), form!.get('branch'), form!.get('dryRun')]).toEqual([
      '{"fields":{}}',
      '分公司',
      'true',
    ]);
    expect(await (form!.get('file') as Blob).text()).toBe('a,b\n1,2\n');
    expect(progress.map(({ phase, share }) => [phase, share])).toEqual([
      ['sending', 1],
      ['importing', 0.5],
      ['importing', 1],
    ]);
  });

  it('tries again under the same key when the line breaks or the token has run out', async () => {
    const replies = [
      undefined,
      { status: 401, body: {} },
      { status: 503, body: {}, headers: { 'retry-after': '0' } },
    ];
    answer = ({ form, path }) => {
      if (form && replies.length > 0) return replies.shift();
      return path.includes('/rows')
        ? { status: 200, body: { items: [], next: null } }
        : { status: form ? 202 : 200, body: job('done', 1) };
    };
    await importFile(wish());
    const uploads = seen.filter(({ form }) => form);
    expect(uploads.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer old',
      'Bearer old',
      'Bearer new',
      'Bearer old',
    ]);
    expect(new Set(uploads.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it('says what the platform refused', async () => {
    const errors = [{ path: 'mapping.fields.x', code: 'c', detail: 'is unknown' }];
    answer = () => ({
      status: 400,
      body: { code: 'import.invalid-mapping', detail: 'The mapping does not fit.', errors },
    });
    await expect(importFile(wish())).rejects.toThrow(
      /import\.invalid-mapping\): The mapping does not fit\.\n {2}mapping\.fields\.x: is unknown/,
    );
  });

  it('says which file is missing', async () => {
    await expect(importFile(wish({ file: join(folder, 'none.csv') }))).rejects.toThrow('There is no file');
    await expect(importFile(wish({ mapping: join(folder, 'none.json') }))).rejects.toThrow(
      'There is no mapping file',
    );
  });
});
