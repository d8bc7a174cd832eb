import { createHash } from 'node:crypto';
import { invalid, unprocessable } from '@steward/kernel';
import { CHUNK_BYTES, type ImportFiles } from './import-files.js';

/** A part of a multipart body, in the order of the body. */
export type UploadPart = Readonly<
  | { type: 'field'; name: string; value: string }
  | { type: 'file'; fileName: string; content: AsyncIterable<Uint8Array>; wasCut: () => boolean }
>;

export type ReceivedFile = Readonly<{ name: string; bytes: number; sha256: string }>;
export type Received = Readonly<{ fields: Readonly<Record<string, string>>; file: ReceivedFile }>;

const MAX_NAME = 200;

/**
 * Stores an upload as it comes, piece by piece, and digests it on the way. `onPiece` is called after each stored piece.
 * Throws `import.file-missing`, `import.one-file` or `import.file-too-large`.
 */
export async function receiveUpload(
  parts: AsyncIterable<UploadPart>,
  target: Readonly<{ files: ImportFiles; jobId: string; onPiece: (seq: number) => Promise<void> }>,
): Promise<Received> {
  const fields: Record<string, string> = {};
  let file: ReceivedFile | undefined;
  for await (const part of parts) {
    if (part.type === 'field') {
      fields[part.name] = part.value;
      continue;
    }
    if (file) throw invalid('import.one-file', 'An import takes one file.');
    const { bytes, sha256 } = await store(part.content, target);
    if (part.wasCut())
      throw unprocessable('import.file-too-large', 'The file is larger than imports may be.');
    file = { name: part.fileName.slice(0, MAX_NAME), bytes, sha256 };
  }
  if (!file) throw invalid('import.file-missing', 'The upload has no part with a file.');
  return { fields, file };
}

async function store(
  content: AsyncIterable<Uint8Array>,
  { files, jobId, onPiece }: Parameters<typeof receiveUpload>[1],
): Promise<{ bytes: number; sha256: string }> {
  const digest = createHash('sha256');
  let pending: Uint8Array[] = [];
  let held = 0;
  let bytes = 0;
  let seq = 0;
  const flush = async (length: number): Promise<void> => {
    const all = Buffer.concat(pending);
    await files.append(jobId, seq, all.subarray(0, length));
    await onPiece(seq++);
    pending = [all.subarray(length)];
    held = all.length - length;
  };
  for await (const piece of content) {
    digest.update(piece);
    bytes += piece.length;
    pending.push(piece);
    held += piece.length;
    while (held >= CHUNK_BYTES) await flush(CHUNK_BYTES);
  }
  if (held > 0) await flush(held);
  return { bytes, sha256: digest.digest('hex') };
}
