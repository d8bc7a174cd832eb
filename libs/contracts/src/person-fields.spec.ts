import { describe, expect, it } from '@jest/globals';
import { ALL_EVENTS } from './catalogue.js';
import { PERSON_KINDS, unknownPersonFields, withoutPersons } from './person-fields.js';

describe('fields that identify people', () => {
  it.each(ALL_EVENTS.map((event) => [event.type, event] as const))(
    'PTR-02 are all known in %s',
    (_type, event) => expect(unknownPersonFields(event.sample)).toEqual([]),
  );

  it('are found by their names, however deep', () => {
    expect(unknownPersonFields({ lines: [{ payerId: 'x', customerId: 'y' }] })).toEqual(['payerId']);
  });

  it('PTR-02 go unless their kind is kept', () => {
    const data = { ticketId: 't', customerId: 'c', lines: [{ assigneeId: 'e', amount: 1 }], at: null };
    expect(withoutPersons(data, new Set())).toEqual({ ticketId: 't', lines: [{ amount: 1 }], at: null });
    expect(withoutPersons(data, new Set(['customer']))).toMatchObject({
      customerId: 'c',
      lines: [{ amount: 1 }],
    });
    expect(withoutPersons(data, new Set(PERSON_KINDS))).toEqual(data);
  });
});
