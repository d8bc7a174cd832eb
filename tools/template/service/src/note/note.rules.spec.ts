import { describe, expect, it } from '@jest/globals';
import { allowedActions, closed, type NoteFacts } from './note.rules.js';

const OPEN: NoteFacts = { state: 'open', closedAt: null, version: 1 };
const AT = new Date('2026-03-02T01:00:00.000Z');

describe('a note', () => {
  it('is closed once, which is a version of its own', () => {
    const done = closed(OPEN, AT);
    expect(done).toEqual({ state: 'closed', closedAt: AT, version: 2 });
    expect(() => closed(done, AT)).toThrow(expect.objectContaining({ code: 'note.already-closed' }));
  });

  it('offers its closing to those who write notes, while it is open', () => {
    expect(allowedActions(OPEN, ['cs-agent'])).toEqual(['close']);
    expect(allowedActions(OPEN, ['auditor'])).toEqual([]);
    expect(allowedActions(closed(OPEN, AT), ['cs-agent'])).toEqual([]);
  });
});
