import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@steward/kernel';
import fc from 'fast-check';
import type { EnvelopeHeaders, ReceivedHeaders } from './envelope.js';
import { readHeaders, toHeaders } from './headers.js';

const envelope: EnvelopeHeaders = {
  id: 'e-1',
  type: 'tickets.ticket-completed.v1',
  source: 'tickets',
  subject: 't-1',
  time: new Date('2026-03-01T08:00:00.250Z'),
  branch: 'b-1',
  sequence: 7,
  recordedTime: new Date('2026-03-01T08:00:01.000Z'),
  actor: '张三的账号',
  correlationId: 'c-1',
  causationId: 'e-0',
  origin: 'import',
  late: true,
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
};

function received(headers: Record<string, string>): Record<string, Buffer> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)]));
}

function refusalOf(headers: ReceivedHeaders): DomainError {
  try {
    readHeaders(headers);
  } catch (error) {
    if (error instanceof DomainError) return error;
  }
  throw new Error('nothing was refused');
}

describe('toHeaders', () => {
  it('PTR-04 writes CloudEvents 1.0 in the binary mode of the Kafka binding', () => {
    expect(toHeaders(envelope)).toEqual({
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: 'e-1',
      ce_type: 'tickets.ticket-completed.v1',
      ce_source: 'tickets',
      ce_subject: 't-1',
      ce_time: '2026-03-01T08:00:00.250Z',
      ce_branch: 'b-1',
      ce_sequence: '7',
      ce_recordedtime: '2026-03-01T08:00:01.000Z',
      ce_actor: '张三的账号',
      ce_correlationid: 'c-1',
      ce_causationid: 'e-0',
      ce_origin: 'import',
      ce_late: 'true',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    });
  });

  it('marks a fact of the group and leaves out what there is not', () => {
    const headers = toHeaders({ ...envelope, branch: null, causationId: undefined, traceparent: undefined });
    expect(headers['ce_group']).toBe('true');
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['ce_branch']));
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['ce_causationid']));
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['traceparent']));
  });
});

describe('readHeaders', () => {
  it.each([
    ['Buffers', received(toHeaders(envelope))],
    ['text', toHeaders(envelope)],
    [
      'bytes',
      Object.fromEntries(
        Object.entries(toHeaders(envelope)).map(([k, v]) => [k, new TextEncoder().encode(v)]),
      ),
    ],
  ])('reads back what was written, from %s', (_form, headers) => {
    expect(readHeaders(headers)).toEqual(envelope);
  });

  it('reads back any envelope', () => {
    const text = fc.string({ minLength: 1, unit: 'grapheme' });
    const at = fc.date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    const any = fc.record({
      id: text,
      type: text,
      source: text,
      subject: text,
      time: at,
      branch: fc.option(text),
      sequence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      recordedTime: at,
      actor: text,
      correlationId: text,
      causationId: fc.option(text, { nil: undefined }),
      origin: fc.constantFrom('live' as const, 'import' as const),
      late: fc.boolean(),
      traceparent: fc.option(text, { nil: undefined }),
    });
    fc.assert(fc.property(any, (given) => expect(readHeaders(received(toHeaders(given)))).toEqual(given)));
  });

  it('lets a caller see a type that this build does not know, and passes over unknown headers', () => {
    const headers = {
      ...toHeaders({ ...envelope, type: 'fleet.trip-ended.v3' }),
      ce_dataschema: 'x',
      other: 'y',
    };
    expect(readHeaders(headers).type).toBe('fleet.trip-ended.v3');
  });

  it.each([
    'ce_id',
    'ce_type',
    'ce_source',
    'ce_subject',
    'ce_time',
    'ce_branch',
    'ce_sequence',
    'ce_recordedtime',
    'ce_actor',
    'ce_correlationid',
    'ce_origin',
    'ce_late',
    'ce_specversion',
    'content-type',
  ])('refuses an event without %s', (name) => {
    const { [name]: _gone, ...headers } = toHeaders(envelope);
    const refusal = refusalOf(headers);
    expect(refusal).toMatchObject({ kind: 'invalid', code: 'event.malformed-headers' });
    expect(refusal.detail).toContain(name);
  });

  it.each([
    ['ce_id', ''],
    ['ce_specversion', '0.3'],
    ['content-type', 'application/cloudevents+json'],
    ['ce_time', 'yesterday'],
    ['ce_time', '1'],
    ['ce_time', '2026-13-01T00:00:00Z'],
    ['ce_recordedtime', '2026-03-01'],
    ['ce_sequence', '0'],
    ['ce_sequence', '-1'],
    ['ce_sequence', '1.5'],
    ['ce_sequence', '1e3'],
    ['ce_sequence', 'many'],
    ['ce_sequence', '9007199254740993'],
    ['ce_origin', 'elsewhere'],
    ['ce_late', 'yes'],
    ['ce_branch', ''],
    ['ce_group', 'true'],
  ])('refuses %s: %p', (name, value) => {
    expect(refusalOf({ ...toHeaders(envelope), [name]: value }).code).toBe('event.malformed-headers');
  });

  it('ORG-01 a fact without a branch is never taken for a fact of the group', () => {
    const { ce_branch: _gone, ...headers } = toHeaders(envelope);
    expect(refusalOf(headers).detail).toContain('ce_branch');
    expect(refusalOf({ ...headers, ce_group: 'false' }).detail).toContain('ce_branch');
    expect(readHeaders({ ...headers, ce_group: 'true' }).branch).toBeNull();
  });

  it('refuses a header that stands more than once', () => {
    const headers = { ...received(toHeaders(envelope)), ce_type: [Buffer.from('a'), Buffer.from('b')] };
    expect(refusalOf(headers).detail).toContain('ce_type stands more than once');
  });

  it('tells all problems at once, without repeating values', () => {
    const refusal = refusalOf({
      ...toHeaders(envelope),
      ce_id: '',
      ce_late: 'secret-value',
      ce_sequence: 'x',
    });
    expect(refusal.detail).toMatch(/ce_id.*ce_sequence.*ce_late/);
    expect(refusal.detail).not.toContain('secret-value');
  });

  it('refuses a message without headers', () => {
    expect(refusalOf({}).code).toBe('event.malformed-headers');
  });

  it('takes times of other zones and a content type with parameters', () => {
    const headers = {
      ...toHeaders(envelope),
      ce_time: '2026-03-01T16:00:00+08:00',
      'content-type': 'application/json; charset=utf-8',
    };
    expect(readHeaders(headers).time).toEqual(new Date('2026-03-01T08:00:00Z'));
  });
});
