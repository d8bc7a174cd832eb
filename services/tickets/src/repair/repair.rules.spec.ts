import { describe, expect, it } from '@jest/globals';
import { TICKET_KINDS } from '@steward/contracts';
import { ROLES } from '@steward/kernel';
import { FREE_ROLES } from './repair.rules.js';
import { allowedActions, nextState, type TicketAction, type TicketFacts } from '../ticket/ticket.rules.js';

const NOW = new Date('2026-03-02T01:00:00Z');
const repair = (rest: Partial<TicketFacts> = {}): TicketFacts => ({
  state: 'assigned',
  resumeTo: null,
  kind: 'repair',
  assigneeId: 'engineer',
  customerId: 'customer',
  slipReceivedAt: NOW,
  quoteState: null,
  signedAt: null,
  chargedAt: null,
  reworkRounds: 0,
  ...rest,
});
const may = (ticket: TicketFacts): TicketAction[] => allowedActions(ticket, ROLES);

describe('the way of a repair', () => {
  it.each([
    ['TKT-40 the slip is signed for once', 'receive-slip', {}, 'ticket.slip-received'],
    [
      'TKT-40 no quote before the slip is with engineering',
      'quote',
      { slipReceivedAt: null },
      'ticket.slip-missing',
    ],
    ['TKT-43 no answer without a quote', 'accept-quote', {}, 'ticket.no-open-quote'],
    [
      'TKT-43 no answer to an answered quote',
      'decline-quote',
      { quoteState: 'accepted' },
      'ticket.no-open-quote',
    ],
    [
      'TKT-43 nobody accepts for an unknown customer',
      'accept-quote',
      { quoteState: 'given', customerId: null },
      'ticket.customer-missing',
    ],
    ['TKT-43 no work while the quote is open', 'start', { quoteState: 'given' }, 'ticket.quote-open'],
    ['TKT-43 no end either', 'complete', { quoteState: 'given' }, 'ticket.quote-open'],
    ['TKT-44 signed once', 'sign', { state: 'completed', signedAt: NOW }, 'ticket.signed'],
    ['TKT-44 not before it is done', 'sign', { state: 'in-progress' }, 'ticket.action-not-allowed'],
    [
      'TKT-43 no new price in the middle of the work',
      'quote',
      { state: 'in-progress' },
      'ticket.action-not-allowed',
    ],
    [
      'TKT-49 charged work is done again for nothing',
      'quote',
      { chargedAt: NOW, reworkRounds: 1 },
      'ticket.rework-free',
    ],
    [
      'a complaint has no slip',
      'receive-slip',
      { kind: 'complaint', slipReceivedAt: null },
      'ticket.no-repair',
    ],
  ] as const)('%s', (_title, action, facts, code) => {
    const ticket = repair(facts);
    expect(() => nextState(ticket, action)).toThrow(code);
    expect(may(ticket)).not.toContain(action);
    if (code === 'ticket.no-repair') expect(() => nextState(ticket, action)).toThrow('kind complaint');
  });

  it('TKT-43 a declined quote leaves room for another; work is free then', () => {
    expect(may(repair({ quoteState: 'declined' }))).toEqual(expect.arrayContaining(['quote', 'start']));
  });

  it('TKT-44 agreed work is let go free by who supervises it, or answers for the customers', () => {
    expect(ROLES.filter((role) => FREE_ROLES.includes(role))).toEqual([
      'cs-supervisor',
      'cs-manager',
      'engineering-supervisor',
      'branch-manager',
    ]);
  });

  it('TKT-49 there is a quote until work that was charged is done again', () => {
    expect(may(repair({ chargedAt: NOW }))).toContain('quote');
    expect(may(repair({ reworkRounds: 1 }))).toContain('quote');
  });

  it('TKT-43 paid service needs no slip for its quote', () => {
    expect(may(repair({ kind: 'paid-service', slipReceivedAt: null }))).toContain('quote');
  });

  it('TKT-49 rework goes back to who did it, or to who puts somebody in charge', () => {
    expect(nextState(repair({ state: 'completed' }), 'rework')).toBe('assigned');
    expect(nextState(repair({ state: 'completed', assigneeId: null }), 'rework')).toBe('classified');
  });

  it('a repair without a quote goes on as ever', () => {
    expect(nextState(repair({ slipReceivedAt: null }), 'start')).toBe('in-progress');
    expect(nextState(repair({ slipReceivedAt: null, state: 'in-progress' }), 'complete')).toBe('completed');
  });

  it('complaints, suggestions and inquiries know no repair', () => {
    const own = ['receive-slip', 'quote', 'accept-quote', 'decline-quote', 'sign', 'rework'];
    for (const kind of TICKET_KINDS)
      for (const state of ['classified', 'completed'] as const) {
        const actions = may(repair({ kind, state, slipReceivedAt: null }));
        const ofRepair = actions.filter((action) => own.includes(action));
        expect(ofRepair.length > 0).toBe(!['complaint', 'suggestion', 'inquiry'].includes(kind));
      }
  });
});
