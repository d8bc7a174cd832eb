import { describe, expect, it } from '@jest/globals';
import { conflict, invalid, notFound, unavailable } from '@steward/kernel';
import { faultOfError, isTransient } from './error-class.js';

const database = (code: string): Error => Object.assign(new Error('database'), { code });

describe('the class of an error', () => {
  it.each([
    ['a part that does not answer', unavailable('x.away', 'Away')],
    ['a lost connection', database('08006')],
    ['a login that is refused', database('28P01')],
    ['a conflict of serialisation', database('40001')],
    ['a deadlock', database('40P01')],
    ['too many connections', database('53300')],
    ['a lock that is not free', database('55P03')],
    ['a statement that took too long', database('57014')],
    ['a server that shuts down', database('57P01')],
    ['a transaction that was idle too long', database('25P03')],
    ['a name that has no address now', database('EAI_AGAIN')],
    ['a name without an address', database('ENOTFOUND')],
    ['a connection that was cut', database('ECONNABORTED')],
    ['a pipe that broke', database('EPIPE')],
    ['a connection without an answer', database('ETIMEDOUT')],
    ['a host out of reach', database('EHOSTUNREACH')],
    ['a network out of reach', database('ENETUNREACH')],
    ['a connection that HTTP waited for in vain', database('UND_ERR_CONNECT_TIMEOUT')],
    ['a server that only reads', database('25006')],
    ['a refused connection', database('ECONNREFUSED')],
    ['a lost connection as the driver says it', new Error('Connection terminated unexpectedly')],
    ['a connection that died in the middle', new Error('Query runner already released. Cannot run queries.')],
    ['a pool without a free connection', new Error('timeout exceeded when trying to connect')],
    ['what a mapper wraps', Object.assign(new Error('QueryFailedError'), { driverError: database('40P01') })],
    ['a cause', new Error('outer', { cause: database('ECONNRESET') })],
    [
      'several addresses that all refuse',
      new AggregateError([database('ECONNREFUSED'), database('ECONNREFUSED')]),
    ],
  ])('is transient: %s', (_name, error) => expect(isTransient(error)).toBe(true));

  it.each([
    ['malformed data', invalid('x.bad', 'Bad')],
    ['a missing record', notFound('x.none', 'None')],
    ['a state that does not allow it', conflict('x.closed', 'Closed')],
    ['a unique key', database('23505')],
    ['a foreign branch', database('42501')],
    ['a state that only contains such a class', database('10857')],
    ['a state that only contains such a state', database('4000')],
    ['a code that only begins like one', database('400015')],
    ['a long code that begins like a class', database('570145')],
    ['a number for a code', Object.assign(new Error('x'), { code: 57014 })],
    [
      'several failures, one of them for good',
      new AggregateError([database('ECONNREFUSED'), new Error('x')]),
    ],
    ['several failures that are none', new AggregateError([])],
    ['a refusal that a mapper wraps', new Error('outer', { cause: conflict('x.closed', 'Closed') })],
    ['a bug', new TypeError('x is not a function')],
    ['a thrown text', 'no'],
    ['nothing', undefined],
    [
      'a conflict caused by the network',
      Object.assign(conflict('x.c', 'C'), { cause: database('ECONNRESET') }),
    ],
  ])('is permanent: %s', (_name, error) => expect(isTransient(error)).toBe(false));

  it('is looked for once in causes that go round', () => {
    const outer = new Error('outer');
    const inner = new Error('inner', { cause: outer });
    outer.cause = inner;
    expect(isTransient(outer)).toBe(false);
  });

  it('goes into the parked row as a slug and a sentence', () => {
    expect(faultOfError(conflict('x.closed', 'It is closed.'))).toEqual({
      code: 'x.closed',
      reason: 'It is closed.',
    });
    expect(faultOfError(database('23505'))).toEqual({ code: 'database.23505', reason: 'database' });
    expect(faultOfError(new TypeError('no'))).toEqual({ code: 'handler.TypeError', reason: 'no' });
    expect(faultOfError(new Error('x'.repeat(9000))).reason).toHaveLength(500);
    expect(faultOfError(Object.assign(new Error('x'), { code: 7 })).code).toBe('handler.Error');
    expect(faultOfError('thrown')).toEqual({ code: 'handler.Error', reason: 'thrown' });
  });
});
