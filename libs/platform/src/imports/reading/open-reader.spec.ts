import { describe, expect, it } from '@jest/globals';
import { IMPORT_LIMITS } from '../import-kind.js';
import { bytesSource, type ByteSource } from './byte-source.js';
import { readInThread } from './open-reader.js';
import { readFile, type ReadEvent } from './read-file.js';
import type { ReadPlan } from './read-plan.js';

const ENTRY = new URL('./worker-from-source.mjs', import.meta.url);
const text = `externalId,title\n${Array.from({ length: 5000 }, (_, i) => `${i},Title ${i}`).join('\n')}\n`;
const bytes = Buffer.from(text);

const plan: ReadPlan = {
  ...{ size: bytes.length, cursor: null, encoding: null, sheet: null, mapping: null, hasBranch: true },
  targets: [{ name: 'title', required: true }],
  limits: { ...IMPORT_LIMITS, batchRows: 100 },
};

async function all(events: AsyncIterable<ReadEvent>): Promise<ReadEvent[]> {
  const list: ReadEvent[] = [];
  for await (const event of events) list.push(event);
  return list;
}

describe('reading in a thread', () => {
  it('gives what reading in the caller gives', async () => {
    const here = await all(readFile(bytesSource(bytes), plan));
    expect(await all(readInThread(bytesSource(bytes), plan, ENTRY))).toEqual(here);
    expect(here).toHaveLength(51);
  });

  it('does not run ahead of who takes the rows', async () => {
    const long = Buffer.from(text.repeat(200).replaceAll('externalId,title\n', ''));
    const whole = Buffer.concat([Buffer.from('externalId,title\n'), long]);
    let read = 0;
    const source: ByteSource = {
      size: whole.length,
      read: (offset, length) => {
        read = Math.max(read, offset + length);
        return bytesSource(whole).read(offset, length);
      },
    };
    const events = readInThread(source, { ...plan, size: whole.length }, ENTRY);
    for (let i = 0; i < 20; i++) await events.next();
    expect(read).toBeLessThan(4 * 1024 * 1024);
    await events.return(undefined);
  });

  it('passes on why a file cannot be taken', async () => {
    const source = bytesSource(Buffer.from('nothing\n1\n'));
    await expect(all(readInThread(source, { ...plan, size: 10 }, ENTRY))).rejects.toMatchObject({
      name: 'ImportFailure',
      code: 'import.missing-column',
      params: { missing: ['title'] },
    });
  });

  it('fails when the bytes cannot be read, or the thread dies', async () => {
    const source: ByteSource = { size: 10, read: () => Promise.reject(new Error('the storage is away')) };
    await expect(all(readInThread(source, plan, ENTRY))).rejects.toThrow('the storage is away');
    const nowhere = new URL('./nowhere.mjs', import.meta.url);
    await expect(all(readInThread(bytesSource(bytes), plan, nowhere))).rejects.toThrow(/nowhere/);
  });
});
