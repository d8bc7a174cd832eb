import { describe, expect, it } from '@jest/globals';
import { fixedClock, systemClock } from './clock.js';
import * as errors from './domain-error.js';
import { isId, nameId, newId } from './id.js';

describe('domain errors', () => {
  const params = { limit: 5 };
  it.each([
    ['invalid', errors.invalid],
    ['unprocessable', errors.unprocessable],
  ] as const)('%s carries fields and params', (kind, make) => {
    const fields = [{ path: 'items.0', code: 'x', detail: 'bad' }];
    expect(make('a.b', 'Bad.', fields, params)).toMatchObject({
      kind,
      code: 'a.b',
      detail: 'Bad.',
      fields,
      params,
    });
  });

  it.each([
    ['unauthenticated', errors.unauthenticated],
    ['forbidden', errors.forbidden],
    ['not-found', errors.notFound],
    ['conflict', errors.conflict],
    ['precondition-failed', errors.preconditionFailed],
    ['precondition-required', errors.preconditionRequired],
    ['too-many', errors.tooMany],
    ['unavailable', errors.unavailable],
  ] as const)('%s', (kind, make) => {
    const error = make('ticket.already-closed', 'The ticket is closed.', params);
    expect(error).toMatchObject({
      kind,
      code: 'ticket.already-closed',
      detail: 'The ticket is closed.',
      params,
    });
    expect(error.message).toBe('ticket.already-closed: The ticket is closed.');
    expect(error.name).toBe('DomainError');
    expect(error.fields).toBeUndefined();
  });

  it('are told from other errors', () => {
    expect(errors.isDomainError(errors.conflict('a', 'b'))).toBe(true);
    expect(errors.isDomainError(Object.assign(new Error('x'), { name: 'DomainError' }))).toBe(true);
    expect(errors.isDomainError(new Error('x'))).toBe(false);
    expect(errors.isDomainError('x')).toBe(false);
  });
});

describe('ids', () => {
  it('are UUIDs of version 7, ordered by their time', () => {
    const [early, late] = [newId(1_000), newId(2_000)];
    expect(early < late).toBe(true);
    expect(early[14]).toBe('7');
    expect(early.startsWith('00000000-03e8-7')).toBe(true);
    const made = Array.from({ length: 1000 }, () => newId());
    expect(new Set(made).size).toBe(1000);
    expect([...made].sort()).toEqual(made);
  });

  it('of one millisecond all differ', () => {
    const made = Array.from({ length: 1000 }, () => newId(1_000));
    expect(new Set(made).size).toBe(1000);
  });

  it('of names are always the same, and differ by namespace and name', () => {
    expect(nameId('policies', 'a')).toBe(nameId('policies', 'a'));
    expect(nameId('policies', 'a')[14]).toBe('5');
    expect(new Set([nameId('policies', 'a'), nameId('policies', 'b'), nameId('units', 'a')]).size).toBe(3);
    // the example of RFC 9562, appendix A.4: www.example.com in the DNS namespace
    expect(nameId('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });

  it('never change for a text namespace, as stored ids depend on it', () => {
    expect(nameId('policies', 'tickets.sla.reply')).toBe('9e07fee2-8789-5ba2-a485-89acc16521c6');
  });

  it('are recognised', () => {
    expect(isId(newId())).toBe(true);
    expect([isId('x'), isId(1), isId(undefined), isId(`${newId()} `)]).toEqual([false, false, false, false]);
  });
});

describe('clocks', () => {
  it('stand still until moved, and give new dates', () => {
    const clock = fixedClock(new Date(1000));
    clock.now().setFullYear(1999);
    expect(clock.now().getTime()).toBe(1000);
    clock.advance(500);
    expect(clock.now().getTime()).toBe(1500);
    clock.set(new Date(7));
    expect(clock.now().getTime()).toBe(7);
  });

  it('of the machine run', () => {
    const before = Date.now();
    expect(systemClock.now().getTime()).toBeGreaterThanOrEqual(before);
  });
});
