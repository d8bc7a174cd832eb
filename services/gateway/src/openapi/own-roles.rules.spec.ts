import { describe, expect, it } from '@jest/globals';
import type { ApiService } from '../routing/api-services.rules.js';
import type { OpenApiDocument } from './merge.rules.js';
import { withRoles } from './own-roles.rules.js';

const UNITS = { service: 'organisation', path: '/units' } as const;
const known = new Map<ApiService, OpenApiDocument>([
  ['organisation', { paths: { '/units': { get: { 'x-roles': ['cs-agent', 'auditor'] }, post: {} } } }],
  ['tickets', { paths: { '/tickets': { get: {} } } }],
]);

describe('who may call what the gateway answers itself', () => {
  it('is said by the operation that decides it', () => {
    const own = {
      openapi: '3.1.0',
      paths: { '/dossier': { get: { summary: 'x', 'x-roles-of': UNITS }, parameters: [] } },
    };
    expect(withRoles(own, known)).toEqual({
      openapi: '3.1.0',
      paths: { '/dossier': { get: { summary: 'x', 'x-roles': ['cs-agent', 'auditor'] }, parameters: [] } },
    });
  });

  it.each([
    ['whose service has not answered', { service: 'billing', path: '/units' }],
    ['that is not there', { service: 'organisation', path: '/other' }],
    ['that names no roles', { service: 'tickets', path: '/tickets' }],
  ] as const)('stays open in the document for an operation %s', (_title, source) => {
    const own = { paths: { '/dossier': { get: { 'x-roles-of': source } } } };
    expect(withRoles(own, known)).toEqual({ paths: { '/dossier': { get: {} } } });
  });

  it('is left alone where nothing else decides', () => {
    const own = { paths: { '/index': { get: { summary: 'x' } }, '/hook': { post: { summary: 'y' } } } };
    expect(withRoles(own, known)).toEqual(own);
    expect(withRoles({}, known)).toEqual({ paths: {} });
  });
});
