import { describe, expect, it } from '@jest/globals';
import { NOTES_DOCUMENT } from '../test/matrix/notes-document.js';
import { FAULTS, type Fault } from '../test/matrix/notes-service.js';
import { matrixOfNotes } from '../test/matrix/notes-world.js';

const LIST = 'GET /api/v1/notes';
const ITEM = 'GET /api/v1/notes/{id}';

/** How each fault reads in the matrix's own words; the beginning names the route. */
const READS: Readonly<Record<Fault, string>> = {
  'a route without its guard': `${ITEM}: no token is answered 200`,
  'a token for another audience passes': `${ITEM}: a token for another audience is answered 200`,
  'a role is not asked for': `${LIST}: a.driver is answered 200, not 403 access.role-missing`,
  'a list shows a foreign row': `${LIST}: tells a.clerk`,
  'a total counts foreign rows': `${LIST}: shows a.everything something else since the other branch has records`,
  'a foreign record answers 403': `${ITEM}: a.clerk at a record of the other branch is answered 403, not 404`,
  'a foreign record is given': `${ITEM}: a.clerk at a record of the other branch is answered 200, not 404`,
  'a foreign record is changed':
    'PATCH /api/v1/notes/{id}: a record of the other branch was changed from outside',
  'a filter finds foreign rows': `${LIST}: a.everything with code=`,
  'a cursor opens a foreign list': `${LIST}: tells a.everything`,
  'a site is not told from another': `${ITEM}: a1.clerk at a record of the other site is answered 200, not 404`,
  'a foreign branch is taken from the body':
    'POST /api/v1/notes: a.everything with branchId of the other branch is answered 201',
  'a name is unique over all branches': 'POST /api/v1/notes: code of the other branch is answered 409',
  'an error tells a foreign name': `${ITEM}: tells a.clerk zotherbranch`,
  'another spelling goes round the guard': `${ITEM}: GET /api/v1/notes/`,
  'a listed role is refused': `${LIST}: a.clerk at its own record is answered 403`,
};

describe('ORG-01 the matrix proves itself', () => {
  it('finds nothing in a service that keeps to the rules', async () => {
    expect(await matrixOfNotes(null)).toEqual([]);
  });

  it.each(FAULTS)('catches it by name when %s', async (fault) => {
    expect(await matrixOfNotes(fault)).toContainEqual(expect.stringContaining(READS[fault]));
  });

  it('fails for a route whose record it can neither make nor find, and says what to do', async () => {
    const paths = {
      ...NOTES_DOCUMENT.paths,
      '/api/v1/leaves/{id}': NOTES_DOCUMENT.paths['/api/v1/notes/{id}'],
    };
    await expect(matrixOfNotes(null, { paths })).rejects.toThrow(
      /GET \/api\/v1\/leaves\/\{id\}: no id for it at the own site.*samples\.ts, records/,
    );
  });

  it('fails for an id in a body that it knows no meaning of', async () => {
    const body = { type: 'object', properties: { premisesId: { type: 'string', format: 'uuid' } } };
    const post = {
      ...NOTES_DOCUMENT.paths['/api/v1/notes'].post,
      requestBody: { content: { 'application/json': { schema: body } } },
    };
    const document = { paths: { '/api/v1/notes': { ...NOTES_DOCUMENT.paths['/api/v1/notes'], post } } };
    await expect(matrixOfNotes(null, document)).rejects.toThrow(
      /POST \/api\/v1\/notes: nobody knows what the id "premisesId" points at/,
    );
  });
});
