import type { OpenAPIObject } from '@nestjs/swagger';
import { STATUS_CODES } from 'node:http';
import type { RouteAccess } from '../access.js';
import { takesIfMatch } from '../preconditions.js';
import { problemKey, problemResponses, problemSchema } from './problem-answers.js';
import { schemaConverter } from './schemas.js';

type Operation = {
  security?: object[];
  parameters?: object[];
  requestBody?: unknown;
  responses: Record<string, { description?: string; $ref?: string }>;
  'x-access'?: RouteAccess;
  'x-roles'?: readonly string[];
};

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

const PARAMETERS = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'Makes the command safe to repeat: the same key with the same body gives the first answer again, with another body 422.',
    schema: { type: 'string', pattern: '^[!-~]{1,200}$' },
    example: '0198c0de-7d2a-7a51-9d3c-2f1b6c0a9e11',
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    required: false,
    description: 'The ETag of the version that is changed; needed where the record has a version (428, 412).',
    schema: { type: 'string', pattern: '^"v(0|[1-9][0-9]{0,14})"$' },
    example: '"v3"',
  },
} as const;

const parameterRef = (name: keyof typeof PARAMETERS) => ({ $ref: `#/components/parameters/${name}` });

function statusesOf(method: string, path: string, operation: Operation, guarded: boolean): number[] {
  const writes = method !== 'get';
  return [
    400,
    ...(guarded ? [401] : []),
    ...(operation['x-access']?.kind === 'roles' ? [403] : []),
    ...(path.includes('{') ? [404] : []),
    ...(writes && guarded ? [409, 422] : []),
    ...(guarded && takesIfMatch(method.toUpperCase(), path) ? [412, 428] : []),
    ...(operation.requestBody ? [413, 415] : []),
    429,
    500,
    503,
  ];
}

function completeOperation(method: string, path: string, operation: Operation): void {
  const access = operation['x-access'];
  const guarded = access !== undefined && access.kind !== 'public';
  if (!guarded) operation.security = [];
  for (const status of statusesOf(method, path, operation, guarded)) {
    operation.responses[status] ??= { $ref: `#/components/responses/${problemKey(status)}` };
  }
  for (const [status, answer] of Object.entries(operation.responses)) {
    if (!answer.$ref) answer.description ||= STATUS_CODES[status] ?? 'Answer';
  }
  const added = [
    ...(guarded && method === 'post' ? [parameterRef('IdempotencyKey')] : []),
    ...(guarded && takesIfMatch(method.toUpperCase(), path) ? [parameterRef('IfMatch')] : []),
  ];
  operation.parameters = [...(operation.parameters ?? []), ...added];
  if (access?.kind === 'roles') operation['x-roles'] = access.roles;
  delete operation['x-access'];
}

function securitySchemes(issuer: string | undefined): Record<string, object> {
  const bearer = {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'Access token of the issuer',
  };
  if (!issuer) return { bearer };
  const openIdConnectUrl = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  return { bearer, openId: { type: 'openIdConnect', openIdConnectUrl } };
}

/** Adds to a document what holds for every route: problems, security, Idempotency-Key and If-Match. */
export function completeDocument(document: OpenAPIObject, issuer: string | undefined): OpenAPIObject {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method] as Operation | undefined;
      if (operation) completeOperation(method, path, operation);
    }
  }
  const problem = schemaConverter()(problemSchema, { schemaType: 'output' });
  const schemes = securitySchemes(issuer);
  const components = {
    ...document.components,
    schemas: sorted({ ...document.components?.schemas, ...(problem?.components as object) }),
    responses: { ...document.components?.responses, ...problemResponses() },
    parameters: { ...document.components?.parameters, ...PARAMETERS },
    securitySchemes: schemes,
  };
  const security = Object.keys(schemes).map((name) => ({ [name]: [] }));
  return { ...document, security, components: components as OpenAPIObject['components'] };
}

const sorted = (record: object): object =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
