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
