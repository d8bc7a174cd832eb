import type { WorkerDatabase } from '../database/database.js';
import type { ByteSource } from './reading/byte-source.js';

/** Token of the `ImportFiles`. */
export const IMPORT_FILES = Symbol('IMPORT_FILES');

/** Where the files of jobs lie. What `append` has answered survives a crash; a file is read by position. */
export type ImportFiles = Readonly<{
  /** Adds a piece of at most `CHUNK_BYTES`; all but the last must have exactly that length. */
  append(jobId: string, seq: number, bytes: Uint8Array): Promise<void>;
  open(jobId: string, size: number): ByteSource;
  remove(jobId: string): Promise<void>;
}>;

export const CHUNK_BYTES = 1024 * 1024;

/** Pieces that are deleted at once, so that the statement stays short. */
const REMOVE_AT_ONCE = 64;

/** Keeps files in PostgreSQL, one row per MiB: durable wherever the service's data are, with no further engine. */
export class DatabaseFiles implements ImportFiles {
  constructor(private readonly database: WorkerDatabase) {}

  async append(jobId: string, seq: number, bytes: Uint8Array): Promise<void> {
    const text = 'insert into import_chunk (job_id, seq, bytes) values ($1, $2, $3)';
    await this.database.pool.query(text, [jobId, seq, bytes]);
  }

  open(jobId: string, size: number): ByteSource {
    let seq = -1;
    let chunk: Promise<Uint8Array> | undefined;
    const chunkAt = (wanted: number): Promise<Uint8Array> => {
      if (wanted !== seq || !chunk) {
        seq = wanted;
        chunk = this.load(jobId, wanted);
        chunk.catch(() => (chunk = undefined));
      }
      return chunk;
    };
    const read = async (offset: number, length: number): Promise<Uint8Array> => {
      const end = Math.min(size, offset + length);
      const parts: Uint8Array[] = [];
      for (let at = offset; at < end;) {
        const start = Math.floor(at / CHUNK_BYTES) * CHUNK_BYTES;
        const bytes = await chunkAt(start / CHUNK_BYTES);
        const part = bytes.subarray(at - start, end - start);
        if (part.length === 0) throw new Error(`the file of import ${jobId} ends before byte ${at}`);
        parts.push(part);
        at += part.length;
      }
      return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    };
    return { size, read };
  }

  async remove(jobId: string): Promise<void> {
    const text = `delete from import_chunk where job_id = $1 and seq = any (array(
      select seq from import_chunk where job_id = $1 limit ${REMOVE_AT_ONCE}))`;
    for (;;) {
      const { rowCount } = await this.database.pool.query(text, [jobId]);
      if (!rowCount) return;
    }
  }

  private async load(jobId: string, seq: number): Promise<Uint8Array> {
    const text = 'select bytes from import_chunk where job_id = $1 and seq = $2';
    const { rows } = await this.database.pool.query<{ bytes: Buffer }>(text, [jobId, seq]);
    if (!rows[0]) throw new Error(`the file of import ${jobId} lacks piece ${seq}`);
    return rows[0].bytes;
  }
}
