import { describe, expect, it } from '@jest/globals';
import { mergeDocuments, type OpenApiDocument } from './merge.rules.js';

const part = (service: string, document: OpenApiDocument) => ({ service, document, publishes: () => true });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const operation = (operationId: string, schema: object, tags?: string[]) => ({
  get: { operationId, tags, schema },
});

describe('merging documents', () => {
  it('shares equal components, whatever the order of their fields', () => {
    const { components } = mergeDocuments([
      part('a', { components: { schemas: { Money: { type: 'object', title: 'x' } } } }),
      part('b', { components: { schemas: { Money: { title: 'x', type: 'object' } } } }),
    ]);
    expect(Object.keys(components.schemas!)).toEqual(['Money']);
  });

  it('prefixes components of one name and other content, and everything that refers to them', () => {
    const first = { components: { schemas: { Unit: { type: 'object' }, Page: { items: ref('Unit') } } } };
    const second = {
      components: {
        schemas: { Unit: { type: 'string' }, Page: { items: ref('Unit') }, Other: { a: ref('Page') } },
      },
      paths: { '/b': operation('list', { one: ref('Unit'), two: ref('Page') }) },
    };
    const { components, paths } = mergeDocuments([part('a', first), part('b', second)]);
    expect(components.schemas).toEqual({
      Unit: { type: 'object' },
      Page: { items: ref('Unit') },
      B_Unit: { type: 'string' },
      B_Page: { items: ref('B_Unit') },
      Other: { a: ref('B_Page') },
    });
    expect(paths['/b']!.get).toMatchObject({ schema: { one: ref('B_Unit'), two: ref('B_Page') } });
  });

  it('renames references wherever they stand, and takes the next free name', () => {
    const first = {
      components: { schemas: { Unit: { type: 'object' }, Billing_Unit: {}, Billing_Unit2: {} } },
    };
    const second = {
      components: { schemas: { Unit: { type: 'string' }, Any: { anyOf: [ref('Unit'), null], size: 1 } } },
    };
    const { components } = mergeDocuments([part('a', first), part('billing', second)]);
    expect(components.schemas).toEqual({
      ...first.components.schemas,
      Billing_Unit3: { type: 'string' },
      Any: { anyOf: [ref('Billing_Unit3'), null], size: 1 },
    });
  });

  it.each([
    ['a list of other length', { enum: [1, 2] }, { enum: [12] }],
    ['another order', { enum: ['a', 'b'] }, { enum: ['b', 'a'] }],
    ['nothing instead of something', { default: null }, { default: {} }],
    ['a list instead of an object', { enum: ['a'] }, { enum: { 0: 'a' } }],
  ])('takes %s for other content', (_title, one, other) => {
    const { components } = mergeDocuments([
      part('a', { components: { schemas: { Unit: one } } }),
      part('billing', { components: { schemas: { Unit: other } } }),
    ]);
    expect(components.schemas).toEqual({ Unit: one, Billing_Unit: other });
  });

  it.each(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'])(
    'tags the operation %s, with or without an id; what is none stays as it is',
    (method) => {
      const item = { [method]: { summary: 'x' }, parameters: [{ name: 'id' }] };
      const { paths } = mergeDocuments([part('tickets', { paths: { '/a': item } })]);
      expect(paths['/a']).toEqual({
        [method]: { summary: 'x', tags: ['tickets'] },
        parameters: [{ name: 'id' }],
      });
    },
  );

  it('keeps the first description of a tag', () => {
    const gateway = { tags: [{ name: 'Gateway', description: 'Index' }] };
    const { tags } = mergeDocuments([
      part('gateway', gateway),
      part('gateway', { tags: [{ name: 'gateway', description: 'other' }, { name: 'more' }] }),
    ]);
    expect(tags).toEqual([{ name: 'gateway', description: 'Index' }, { name: 'gateway: more' }]);
  });

  it('keeps operation ids apart, and tags operations by their service', () => {
    const { paths, tags } = mergeDocuments([
      part('tickets', { paths: { '/a': operation('list', {}, ['Tickets']) } }),
      part('organisation', {
        paths: { '/b': operation('list', {}, ['Units']), '/c': operation('other', {}) },
      }),
    ]);
    expect(paths['/a']!.get).toMatchObject({ operationId: 'list', tags: ['tickets'] });
    expect(paths['/b']!.get).toMatchObject({
      operationId: 'organisation.list',
      tags: ['organisation: Units'],
    });
    expect(paths['/c']!.get).toMatchObject({ tags: ['organisation'] });
    expect(tags.map(({ name }) => name)).toEqual(['tickets', 'organisation']);
  });

  it('describes an address of several services by the first, method by method', () => {
    const { paths } = mergeDocuments([
      part('a', { paths: { '/x': { get: { operationId: 'one' } } } }),
      part('b', { paths: { '/x': { get: { operationId: 'two' }, post: { operationId: 'three' } } } }),
    ]);
    expect(paths['/x']).toMatchObject({ get: { operationId: 'one' }, post: { operationId: 'three' } });
  });

  it('leaves out what cannot be reached', () => {
    const document = { paths: { '/health/live': operation('live', {}), '/a': operation('a', {}) } };
    const { paths } = mergeDocuments([{ service: 'a', document, publishes: (path) => path === '/a' }]);
    expect(Object.keys(paths)).toEqual(['/a']);
  });
});
