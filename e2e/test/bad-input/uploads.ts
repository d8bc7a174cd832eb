import type { BadRequest } from './bad-request.js';
import { SECRET } from './verdict.js';

const BOUNDARY = 'steward-bad-input';
const FILE = 'content,kind\nNoise,complaint\n';

type Part = Readonly<{ disposition: string; content: string }>;

const field = (name: string, content: string): Part => ({
  disposition: `form-data; name="${name}"`,
  content,
});
const file = (name = 'a.csv', content = FILE): Part => ({
  disposition: `form-data; name="file"; filename="${name}"`,
  content,
});

const bodyOf = (parts: readonly Part[], end = `--${BOUNDARY}--\r\n`): Buffer =>
  Buffer.from(
    parts
      .map(
        ({ disposition, content }) =>
          `--${BOUNDARY}\r\ncontent-disposition: ${disposition}\r\n\r\n${content}\r\n`,
      )
      .join('') + end,
  );

const mapping = (value: unknown): Part => field('mapping', JSON.stringify(value));

/** Uploads that are refused at once, as changes of one sound upload's address and token. */
export function badUploads(sound: Pick<BadRequest, 'method' | 'path' | 'headers'>): BadRequest[] {
  const { 'content-type': _, ...plain } = sound.headers;
  const type = `multipart/form-data; boundary=${BOUNDARY}`;
  const upload = (note: string, body: Buffer, contentType: string | null = type): BadRequest => ({
    ...sound,
    headers: contentType === null ? plain : { ...plain, 'content-type': contentType },
    body,
    note,
  });
  const whole = bodyOf([file()]);
  const nul = String.fromCharCode(0);
  return [
    upload('no body', Buffer.alloc(0)),
    upload('no file', bodyOf([field('branch', 'BB1')])),
    upload('two files', bodyOf([file(), file('b.csv')])),
    upload('JSON', Buffer.from('{}'), 'application/json'),
    upload('text', whole, 'text/plain'),
    upload('no media type', whole, null),
    upload('no boundary', whole, 'multipart/form-data'),
    upload('another boundary', whole, 'multipart/form-data; boundary=other'),
    upload('an end in the middle', bodyOf([file()], '')),
    upload('a head only', Buffer.from(`--${BOUNDARY}\r\ncontent-disposition: form-data; na`)),
    upload('no disposition', Buffer.from(`--${BOUNDARY}\r\n\r\nx\r\n--${BOUNDARY}--\r\n`)),
    upload('a field name of 100 000 characters', bodyOf([field('n'.repeat(100_000), 'x'), file()])),
    upload(
      '200 fields',
      bodyOf([...Array.from({ length: 200 }, (_value, i) => field(`f${i}`, 'x')), file()]),
    ),
    upload('an unknown field', bodyOf([field('unknown', SECRET), file()])),
    upload('__proto__', bodyOf([field('__proto__', 'x'), file()])),
    upload('a field of 3 MB', bodyOf([field('mapping', 'x'.repeat(3_000_000)), file()])),
    upload('an unknown mode', bodyOf([field('mode', SECRET), file()])),
    upload('an unknown encoding', bodyOf([field('encoding', 'utf-7'), file()])),
    upload('an unknown branch', bodyOf([field('branch', 'nowhere'), file()])),
    upload('a branch with NUL', bodyOf([field('branch', `BB1${nul}`), file()])),
    upload('a source with NUL', bodyOf([field('branch', 'BB1'), field('source', `a${nul}b`), file()])),
    upload('a sheet with NUL', bodyOf([field('branch', 'BB1'), field('sheet', `a${nul}b`), file()])),
    upload('a mapping that is no JSON', bodyOf([field('mapping', '{'), file()])),
    upload(
      'a mapping 10 000 deep',
      bodyOf([field('mapping', '['.repeat(10_000) + ']'.repeat(10_000)), file()]),
    ),
    upload(
      'a mapping of unknown fields',
      bodyOf([mapping({ fields: { unknown: { column: SECRET } } }), file()]),
    ),
    upload('a mapping with NUL', bodyOf([mapping({ fields: { content: { column: 'a\u0000' } } }), file()])),
    upload(
      'a mapping with half characters',
      bodyOf([mapping({ fields: { content: { constant: '\ud800' } } }), file()]),
    ),
    upload(
      'a mapping with an unknown zone',
      bodyOf([mapping({ fields: { receivedAt: { column: 'a', date: { zone: 'Mars/Base' } } } }), file()]),
    ),
  ];
}

/** Uploads that look sound until they are read: name and content of the file. */
export const UNREADABLE_FILES: readonly (readonly [note: string, name: string, content: Buffer])[] = [
  ['an empty file', 'empty.csv', Buffer.alloc(0)],
  ['a picture', 'picture.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13])],
  ['random bytes', 'random.csv', Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919 + 13) % 256))],
  ['a document', 'file.pdf', Buffer.from('%PDF-1.7\n%\u00e2\u00e3\n1 0 obj\n<<>>\nendobj\n', 'latin1')],
  ['a workbook that is none', 'book.xlsx', Buffer.from(`PK\u0003\u0004${'x'.repeat(500)}`, 'latin1')],
  ['a name that climbs', '../../../../tmp/steward-climbed.csv', Buffer.from('nothing,known\n1,2\n')],
  ['a name with NUL', 'a\u0000b.csv', Buffer.from('nothing,known\n1,2\n')],
];

/** The multipart body and its media type of one file, with fields before it. */
export function uploadOf(name: string, content: Buffer, fields: Readonly<Record<string, string>>) {
  const head = Object.entries(fields).map(([key, value]) => field(key, value));
  const open = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\n\r\n`;
  const body = Buffer.concat([
    bodyOf(head, ''),
    Buffer.from(open),
    content,
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);
  return { body, contentType: `multipart/form-data; boundary=${BOUNDARY}` };
}
