import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { basename } from 'node:path';

export type Upload = Readonly<{
  url: string;
  headers: Readonly<Record<string, string>>;
  fields: Readonly<Record<string, string>>;
  file: string;
  onProgress: (sent: number, total: number) => void;
}>;

export type UploadAnswer = Readonly<{ status: number; headers: IncomingMessage['headers']; text: string }>;

const quoted = (name: string): string => name.replace(/["\r\n]/g, '_');

/** Sends a file as it is read, so that its size does not matter, with its length announced. Rejects when the line breaks. */
export async function uploadFile({ url, headers, fields, file, onProgress }: Upload): Promise<UploadAnswer> {
  const boundary = `----steward-${randomUUID()}`;
  const part = (disposition: string, type = '') =>
    `--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\n${type}\r\n`;
  const texts = Object.entries(fields).map(
    ([name, value]) => `${part(`name="${quoted(name)}"`)}${value}\r\n`,
  );
  const fileHead = part(
    `name="file"; filename="${quoted(basename(file))}"`,
    'content-type: application/octet-stream\r\n',
  );
  const head = Buffer.from(texts.join('') + fileHead);
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  const { size } = await stat(file);
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  const request = send(url, {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': head.length + size + tail.length,
    },
  });
  const answer = answerOf(request);
  let sent = 0;
  const content = createReadStream(file, { highWaterMark: 256 * 1024 });
  // A server that refuses answers before it has read all: then the rest is not worth sending.
  void answer.catch(() => undefined).finally(() => content.destroy());
  request.write(head);
  try {
    for await (const piece of content as AsyncIterable<Buffer>) {
      if (!request.write(piece)) await drained(request);
      onProgress((sent += piece.length), size);
    }
    request.end(tail);
  } catch {
    // The answer, or its failure, says why.
    request.end();
  }
  return answer;
}

type Request = ReturnType<typeof httpRequest>;

const drained = (request: Request): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      for (const event of ['drain', 'close', 'error', 'response']) request.off(event, done);
      resolve();
    };
    for (const event of ['drain', 'close', 'error', 'response']) request.once(event, done);
  });

const answerOf = (request: Request): Promise<UploadAnswer> =>
  new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      const pieces: Buffer[] = [];
      response.on('error', reject);
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(pieces).toString(),
        });
      });
    });
  });
