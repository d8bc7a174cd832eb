/** The roles that open the fixture's routes. */
export const ROLES_OF_NOTES: readonly string[] = ['clerk', 'chief'];

const text = { type: 'string', minLength: 1, maxLength: 200 };
const uuid = { type: 'string', format: 'uuid' };
const example = {
  branchId: '0198c0de-7d2a-7a51-9d3c-2f1b6c0a9e11',
  siteId: '0198c0de-7d2a-7a51-9d3c-2f1b6c0a9e12',
  code: 'a-1',
  text: 'x',
};

const id = { name: 'id', in: 'path', required: true, schema: uuid };
const query = (name: string, schema: object) => ({ name, in: 'query', required: false, schema });
const json = (schema: object) => ({ required: true, content: { 'application/json': { schema } } });
const responses = { 200: { content: { 'application/json': { schema: {} } } } };

const operation = (operationId: string, rest: object) => ({
  operationId,
  'x-roles': ROLES_OF_NOTES,
  responses,
  ...rest,
});

/** The fixture's document: one kind of record with a list, an intake, a look and a change. */
export const NOTES_DOCUMENT = {
  paths: {
    '/api/v1/notes': {
      get: operation('listNotes', {
        parameters: [
          query('limit', { type: 'integer' }),
          query('after', { type: 'string' }),
          query('code', { type: 'string' }),
        ],
      }),
      post: operation('addNote', {
        requestBody: json({
          type: 'object',
          properties: { branchId: uuid, siteId: uuid, code: text, text },
          required: Object.keys(example),
          example,
        }),
      }),
    },
    '/api/v1/notes/{id}': {
      get: operation('getNote', { parameters: [id] }),
      patch: operation('changeNote', {
        parameters: [id],
        requestBody: json({
          type: 'object',
          properties: { text },
          required: ['text'],
          example: { text: 'y' },
        }),
      }),
    },
  },
};
