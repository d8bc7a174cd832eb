import type { ApiService } from '../routing/api-services.rules.js';
import type { OpenApiDocument } from './merge.rules.js';

/** The operation of a service that decides who may call one of the gateway's own. */
export type RolesOf = Readonly<{ service: ApiService; path: string }>;

type Operation = Readonly<{ 'x-roles'?: readonly string[]; 'x-roles-of'?: RolesOf }>;

/** The gateway's own document with `x-roles` in place of `x-roles-of`: the roles that the named service lets read. */
export function withRoles(
  own: OpenApiDocument,
  known: ReadonlyMap<ApiService, OpenApiDocument>,
): OpenApiDocument {
  const paths = Object.entries(own.paths ?? {}).map(([path, item]) => {
    const { 'x-roles-of': source, ...operation } = (item.get ?? {}) as Operation;
    if (!source) return [path, item] as const;
    const decides = known.get(source.service)?.paths?.[source.path]?.get as Operation | undefined;
    const roles = decides?.['x-roles'];
    return [path, { ...item, get: { ...operation, ...(roles ? { 'x-roles': roles } : {}) } }] as const;
  });
  return { ...own, paths: Object.fromEntries(paths) };
}
