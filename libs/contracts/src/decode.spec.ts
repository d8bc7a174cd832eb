import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@steward/kernel';
import { z } from 'zod';
import { decodeEvent, decodePersonal, fromHeaders } from './decode.js';
import { defineEvent } from './definition.js';
import type { EnvelopeHeaders } from './envelope.js';
import { toHeaders } from './headers.js';
import { Persons } from './organisation/persons.v1.js';
import { TicketCompleted } from './tickets/ticket-completed.v1.js';

const headers: EnvelopeHeaders = {
  id: 'e-1',
  type: TicketCompleted.type,
  source: 'tickets',
  subject: TicketCompleted.sample.ticketId,
  time: new Date('2026-03-04T08:30:00Z'),
  branch: 'b-1',
  sequence: 4,
  recordedTime: new Date('2026-03-04T08:30:01Z'),
  actor: 'eb1.engineer',
  correlationId: 'c-1',
  origin: 'live',
  late: false,
};
const value = Buffer.from(JSON.stringify(TicketCompleted.sample));

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'invalid') return error.code;
    throw error;
  }
  return 'nothing was refused';
}

describe('fromHeaders', () => {
  it('gives the envelope with checked data', () => {
    expect(fromHeaders(toHeaders(headers), value)).toEqual({ ...headers, data: TicketCompleted.sample });
  });
});

describe('decodeEvent', () => {
  it('PTR-04 drops fields that a later producer added', () => {
    const later = JSON.stringify({ ...TicketCompleted.sample, mood: 'good' });
    expect(decodeEvent(headers, later, TicketCompleted).data).toEqual(TicketCompleted.sample);
  });

  it('types the data by the definition given, which need not stand in the catalogue', () => {
    const Probe = defineEvent({
      context: 'probe',
      name: 'thing-probed',
      version: 1,
      aggregate: 'thing',
      scope: 'group',
      title: 'Probed',
      description: 'For a test.',
      schema: z.object({ depth: z.int() }),
      sample: { depth: 1 },
    });
    const depth: number = decodeEvent({ ...headers, type: Probe.type }, '{"depth":3}', Probe).data.depth;
    expect(depth).toBe(3);
  });

  it('refuses a type without a definition, and a definition of another type', () => {
    expect(codeOf(() => decodeEvent({ ...headers, type: 'fleet.trip-ended.v1' }, value))).toBe(
      'event.unknown-type',
    );
    expect(codeOf(() => decodeEvent({ ...headers, type: 'x.y.v1' }, value, TicketCompleted))).toBe(
      'event.unknown-type',
    );
  });

  it.each([['{"ticketId": '], [''], [null], [undefined], [Buffer.from([0xff, 0xfe])]])(
    'refuses %p as malformed JSON',
    (bad) => {
      expect(codeOf(() => decodeEvent(headers, bad))).toBe('event.malformed-json');
    },
  );

  it('ORG-03 does not repeat the text of a malformed value', () => {
    expect(() => decodeEvent(headers, '{"phone": 13800138000 oops')).toThrow(
      /^(?!.*1380)event\.malformed-json/,
    );
  });

  it('refuses data that breaks the schema', () => {
    expect(codeOf(() => decodeEvent(headers, '{}'))).toBe('event.invalid');
    expect(codeOf(() => decodeEvent(headers, '"a string"'))).toBe('event.invalid');
  });
});

describe('decodePersonal', () => {
  it('reads the latest record of a person', () => {
    expect(decodePersonal(Persons, JSON.stringify({ ...Persons.sample, nickname: '小王' }))).toEqual(
      Persons.sample,
    );
  });

  it('ORG-04 reads a tombstone as erased', () => {
    expect(decodePersonal(Persons, null)).toBeNull();
  });

  it('refuses what is no record', () => {
    expect(codeOf(() => decodePersonal(Persons, '{'))).toBe('event.malformed-json');
    expect(codeOf(() => decodePersonal(Persons, '{}'))).toBe('event.invalid');
  });
});
