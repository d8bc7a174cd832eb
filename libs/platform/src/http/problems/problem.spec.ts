import { NotFoundException, HttpException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { DomainError, invalid, tooMany, unavailable, type ErrorKind } from '@steward/kernel';
import { faultOf, problemOf } from './problem.js';

const database = (code: string, message = 'duplicate key value violates unique constraint "secret"') =>
  Object.assign(new Error(message), { code, severity: 'ERROR' });

describe('faultOf a domain error', () => {
  it.each<[ErrorKind, number]>([
    ['invalid', 400],
    ['unauthenticated', 401],
    ['forbidden', 403],
    ['not-found', 404],
    ['conflict', 409],
    ['precondition-failed', 412],
    ['precondition-required', 428],
    ['unprocessable', 422],
    ['too-many', 429],
    ['unavailable', 503],
  ])('%s is %i', (kind, status) => {
    expect(faultOf(new DomainError(kind, 'a.b', 'Said.'))).toMatchObject({
      status,
      code: 'a.b',
      detail: 'Said.',
    });
  });

  it('carries fields and parameters', () => {
    const fields = [{ path: 'title', code: 'too-small', detail: 'Too short.' }];
    const fault = faultOf(invalid('note.invalid', 'Bad.', fields, { max: 3 }));
    expect(fault).toMatchObject({ errors: fields, params: { max: 3 } });
  });

  it('tells when to come again', () => {
    expect(faultOf(tooMany('rate.limited', 'Slow down.', { retryAfterSeconds: 30 }))).toEqual({
      status: 429,
      code: 'rate.limited',
      detail: 'Slow down.',
      retryAfterSeconds: 30,
    });
    expect(faultOf(unavailable('a.b', 'Later.')).retryAfterSeconds).toBe(1);
  });
});

describe('faultOf a database error', () => {
  it.each([
    ['22P05', 400, 'request.bad-value'],
    ['22021', 400, 'request.bad-value'],
    ['22003', 400, 'request.bad-value'],
    ['22007', 400, 'request.bad-value'],
    ['54000', 400, 'request.bad-value'],
    ['23505', 409, 'conflict.duplicate'],
    ['23503', 409, 'conflict.reference'],
    ['23514', 422, 'request.refused-value'],
    ['40001', 503, 'database.busy'],
    ['40P01', 503, 'database.busy'],
    ['57014', 503, 'database.busy'],
    ['53300', 503, 'database.busy'],
    ['57P01', 503, 'database.unreachable'],
    ['28P01', 503, 'database.unreachable'],
    ['08006', 503, 'database.unreachable'],
  ])('%s is %i %s', (state, status, code) => {
    const fault = faultOf(database(state));
    expect(fault).toMatchObject({ status, code });
    expect(JSON.stringify(fault)).not.toContain('secret');
  });

  it('ORG-01 answers a refusal of row-level security as a record that does not exist', () => {
    const refusal = database('42501', 'new row violates row-level security policy for table "ticket"');
    expect(faultOf(refusal)).toMatchObject({ status: 404, code: 'not-found' });
  });

  it.each(['app.scope is not set', 'permission denied for table outbox'])(
    'keeps our own fault (%s) unexpected',
    (message) => {
      expect(faultOf(database('42501', message))).toMatchObject({ status: 500, unexpected: true });
    },
  );

  it.each([
    Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' }),
    new Error('Connection terminated unexpectedly'),
    new Error('timeout exceeded when trying to connect'),
    new Error('Query runner already released. Cannot run queries anymore.'),
  ])('a broken connection is unavailable: %s', (error) => {
    expect(faultOf(error)).toMatchObject({ status: 503, code: 'database.unreachable', retryAfterSeconds: 2 });
  });
});

describe('faultOf anything else', () => {
  it.each([
    ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 415, 'request.unsupported-media-type'],
    ['FST_ERR_CTP_BODY_TOO_LARGE', 413, 'request.too-large'],
    ['FST_ERR_BAD_URL', 400, 'request.bad-url'],
    ['FST_ERR_SOMETHING_NEW', 400, 'request.malformed'],
  ])('Fastify’s %s is %i %s', (code, statusCode, expected) => {
    const error = Object.assign(new Error('echo of the input'), { code, statusCode, name: 'FastifyError' });
    expect(faultOf(error)).toMatchObject({ status: statusCode, code: expected });
    expect(faultOf(error).detail).not.toContain('echo');
  });

  it('an exception of Nest keeps its status, not its sentence', () => {
    expect(faultOf(new NotFoundException('Cannot GET /x'))).toMatchObject({
      status: 404,
      code: 'route.not-found',
    });
    expect(faultOf(new HttpException('x', 418))).toMatchObject({ status: 418, code: 'http.418' });
  });

  it('an exception of Nest around a domain error is that error', () => {
    const wrapped = new HttpException('x', 400, { cause: invalid('a.b', 'Bad.') });
    expect(faultOf(wrapped)).toMatchObject({ status: 400, code: 'a.b' });
  });

  it.each([
    new TypeError('inner detail'),
    'a string',
    undefined,
    { status: 200 },
    Object.assign(new Error('x'), { statusCode: 500 }),
  ])('unknown value %# is an unexpected 500 that says nothing of the inside', (thrown) => {
    const fault = faultOf(thrown);
    expect(fault).toMatchObject({ status: 500, code: 'internal', unexpected: true });
    expect(fault.detail).not.toContain('inner');
  });
});

describe('problemOf', () => {
  it('is a problem document with code, path and correlation id', () => {
    const fault = faultOf(new DomainError('conflict', 'ticket.already-closed', 'The ticket is closed.'));
    expect(problemOf(fault, { path: '/api/v1/tickets/1', correlationId: 'c-1' })).toEqual({
      type: 'urn:steward:problem:ticket.already-closed',
      title: 'Conflict',
      status: 409,
      code: 'ticket.already-closed',
      detail: 'The ticket is closed.',
      instance: '/api/v1/tickets/1',
      correlationId: 'c-1',
    });
  });
});
