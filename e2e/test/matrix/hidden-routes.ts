import type { DeclaredRoute } from '@steward/platform';
import type { Operation } from '../api-operations.js';

/** Addresses that show nothing of any record: they are open to everybody and stand in no document. */
const TECHNICAL = /^\/$|^\/(?:health\/[a-z]+|metrics|openapi\.json|asyncapi\.json|events|docs(?:\/.*)?)$/;

const written = (url: string): string => url.replaceAll(/:[^/]+/g, '{}');
const roles = (names: readonly string[]): string => [...names].sort().join();

/**
 * What a service answers without its document saying so, or otherwise than it says: such a route would escape every
 * test that reads the document. `passedOn` tells of prefixes whose addresses another document lists.
 */
export function hiddenRoutes(
  routes: readonly DeclaredRoute[],
  operations: readonly Operation[],
  passedOn: (prefix: string) => boolean = () => false,
): string[] {
  return routes
    .filter(({ method, url }) => !['HEAD', 'OPTIONS'].includes(method) && !TECHNICAL.test(url))
    .filter(({ url }) => !passedOn(url.replace(/\/\*$/, '')))
    .flatMap(({ method, url, access }) => {
      const name = `${method} ${url}`;
      const operation = operations.find(
        (each) =>
          each.method === method.toLowerCase() && each.path.replaceAll(/\{[^}]*\}/g, '{}') === written(url),
      );
      if (!operation) return [`${name} is in no document`];
      const declared = access?.kind === 'roles' ? roles(access.roles) : '';
      return declared === roles(operation.roles) ? [] : [`${name} lets in others than its document says`];
    });
}
