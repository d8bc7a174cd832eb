import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FetchedToken } from './fetch-token.js';

type Stored = Record<string, { token: string; expiresAt: string }>;

const MARGIN_MS = 60_000;

/** Tokens on disk, readable by their owner only; those that end within a minute count as gone. */
export class TokenCache {
  constructor(private readonly file: string) {}

  async find(key: string): Promise<string | undefined> {
    return (await this.load())[key]?.token;
  }

  async put(key: string, { token, expiresAt }: FetchedToken): Promise<void> {
    const stored = { ...(await this.load()), [key]: { token, expiresAt: expiresAt.toISOString() } };
    const fresh = `${this.file}.${randomBytes(4).toString('hex')}`;
    await mkdir(dirname(this.file), { recursive: true });
    try {
      // Renamed into place: a second call at the same time reads the old file or the new one, never half of it.
      await writeFile(fresh, JSON.stringify(stored, null, 2), { mode: 0o600 });
      await rename(fresh, this.file);
    } catch (error) {
      await rm(fresh, { force: true });
      throw error;
    }
  }

  /** A file that is missing or damaged is an empty one: tokens can always be fetched again. */
  private async load(): Promise<Stored> {
    try {
      const stored = JSON.parse(await readFile(this.file, 'utf8')) as Stored;
      return Object.fromEntries(
        Object.entries(stored).filter(([, { expiresAt }]) => Date.parse(expiresAt) > Date.now() + MARGIN_MS),
      );
    } catch {
      return {};
    }
  }
}

/** The key id in a token's header; undefined when the text is not a JWT. */
export function keyIdOf(token: string): string | undefined {
  try {
    const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as {
      kid?: string;
    };
    return header.kid;
  } catch {
    return undefined;
  }
}
