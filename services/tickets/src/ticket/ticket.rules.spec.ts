import { describe, expect, it } from '@jest/globals';
import { ROLES, type Role } from '@steward/kernel';
import {
  ACTIONS,
  allowedActions,
  defaultPriority,
  isOpen,
  isWorker,
  MAX_PAUSE_MS,
  mayRecur,
  mayKnowPerson,
  nextState,
  READ_ROLES,
  REGISTER_ROLES,
  stateAtIntake,
  TICKET_STATES,
  TRANSITIONS,
  type TicketAction,
  type TicketFacts,
  type TicketState,
} from './ticket.rules.js';

const ticket = (
  state: TicketState,
  resumeTo: TicketState | null = null,
  rest: Partial<TicketFacts> = {},
): TicketFacts => ({
  state,
  resumeTo,
  kind: 'complaint',
  assigneeId: null,
  customerId: null,
  slipReceivedAt: null,
  quoteState: null,
  signedAt: null,
  chargedAt: null,
  reworkRounds: 0,
  ...rest,
});

/** The whole table by hand: state → action → where it leads; what is missing is refused. */
const TABLE: Readonly<Record<TicketState, Partial<Record<TicketAction, TicketState>>>> = {
  registered: { amend: 'registered', classify: 'classified', cancel: 'cancelled' },
  classified: {
    amend: 'classified',
    classify: 'classified',
    assign: 'assigned',
    pause: 'waiting',
    complete: 'completed',
    cancel: 'cancelled',
  },
  assigned: {
    amend: 'assigned',
    classify: 'assigned',
    assign: 'assigned',
    start: 'in-progress',
    pause: 'waiting',
    complete: 'completed',
    cancel: 'cancelled',
  },
  'in-progress': {
    amend: 'in-progress',
    classify: 'in-progress',
    assign: 'assigned',
    pause: 'waiting',
    complete: 'completed',
    cancel: 'cancelled',
  },
  waiting: { amend: 'waiting', resume: 'assigned', cancel: 'cancelled' },
  completed: { amend: 'completed', reopen: 'classified' },
  cancelled: {},
};

/** What only repairs have; their rules are proved in repair.rules.spec.ts. */
const REPAIR_ACTIONS: readonly TicketAction[] = [
  'receive-slip',
  'quote',
  'accept-quote',
  'decline-quote',
  'sign',
  'rework',
];

describe('the transition table', () => {
  const cases = TICKET_STATES.flatMap((state) =>
    ACTIONS.filter((action) => !REPAIR_ACTIONS.includes(action)).map((action) => [state, action] as const),
  );

  it.each(cases)('%s: %s leads where the table says, or is refused', (state, action) => {
    const to = TABLE[state][action];
    if (to) expect(nextState(ticket(state, 'assigned'), action)).toBe(to);
    else expect(() => nextState(ticket(state), action)).toThrow('ticket.action-not-allowed');
  });

  const given = (state: TicketState) =>
    ticket(state, null, { kind: 'repair', quoteState: 'given', customerId: 'c', assigneeId: 'e' });

  it.each([
    ['receive-slip', ['classified', 'assigned'], {}],
    ['quote', ['classified', 'assigned'], { slipReceivedAt: new Date(0) }],
    ['accept-quote', ['classified', 'assigned', 'waiting'], {}],
    ['decline-quote', ['classified', 'assigned', 'waiting'], {}],
    ['sign', ['completed'], {}],
  ] as const)('a repair takes %s when it is %j, and stays what it is', (action, states, facts) => {
    for (const state of TICKET_STATES)
      if ((states as readonly TicketState[]).includes(state))
        expect(nextState({ ...given(state), ...facts }, action)).toBe(state);
      else
        expect(() => nextState({ ...given(state), ...facts }, action)).toThrow('ticket.action-not-allowed');
  });

  it('TKT-49 rework is ordered of what is completed', () => {
    for (const state of TICKET_STATES.filter((one) => one !== 'completed'))
      expect(() => nextState(given(state), 'rework')).toThrow('ticket.action-not-allowed');
    expect(nextState(given('completed'), 'rework')).toBe('assigned');
  });

  it('names what is possible where an action is refused', () => {
    const refusal = (state: TicketState, action: TicketAction): unknown => {
      try {
        return nextState(ticket(state), action);
      } catch (error) {
        return error;
      }
    };
    expect(refusal('registered', 'complete')).toMatchObject({
      kind: 'conflict',
      code: 'ticket.action-not-allowed',
      params: { state: 'registered', action: 'complete', possible: ['amend', 'classify', 'cancel'] },
      detail:
        'A ticket that is registered cannot take the action complete. Possible: amend, classify, cancel.',
    });
    expect(refusal('cancelled', 'reopen')).toMatchObject({
      detail: expect.stringContaining('Possible: none.'),
    });
  });

  it('TKT-27 a pause leads back to the state before it', () => {
    for (const before of ['classified', 'assigned', 'in-progress'] as const)
      expect(nextState(ticket('waiting', before), 'resume')).toBe(before);
    expect(nextState(ticket('waiting'), 'resume')).toBe('classified');
  });

  it('every open state has a way out', () => {
    for (const state of TICKET_STATES.filter((one) => one !== 'cancelled'))
      expect(allowedActions(ticket(state), ROLES).length).toBeGreaterThan(0);
  });
});

describe('the actions of a caller', () => {
  const may = (state: TicketState, ...roles: Role[]) => allowedActions(ticket(state), roles);

  it('are those of its roles in this state', () => {
    expect(may('assigned', 'engineer')).toEqual(['amend', 'start', 'pause', 'complete']);
    expect(may('assigned', 'engineering-supervisor')).toEqual([
      'amend',
      'assign',
      'start',
      'pause',
      'complete',
    ]);
    expect(may('assigned', 'cs-agent')).toEqual([
      'amend',
      'classify',
      'assign',
      'start',
      'pause',
      'complete',
    ]);
    expect(may('assigned', 'cs-manager')).toContain('cancel');
    expect(may('completed', 'cs-agent')).toEqual(['amend', 'reopen']);
    expect(may('completed', 'engineer')).toEqual(['amend']);
    expect(may('waiting', 'engineer', 'cs-supervisor')).toEqual(['amend', 'resume', 'cancel']);
  });

  /** What somebody with a role may do with a repair, in some state of it. */
  const everOf = (role: Role) => {
    const facts = [{}, { slipReceivedAt: new Date(0) }, { quoteState: 'given', customerId: 'c' }] as const;
    const taken = TICKET_STATES.flatMap((state) =>
      facts.flatMap((each) => allowedActions(ticket(state, null, { kind: 'repair', ...each }), [role])),
    );
    return ACTIONS.filter((action) => taken.includes(action));
  };
  const all = (...but: TicketAction[]) => ACTIONS.filter((action) => !but.includes(action));

  it.each<[Role, readonly TicketAction[]]>([
    ['cs-agent', all('receive-slip', 'cancel')],
    ['cs-supervisor', all('receive-slip')],
    ['cs-manager', all('receive-slip')],
    ['branch-manager', all('receive-slip')],
    ['engineer', all('classify', 'assign', 'rework', 'reopen', 'cancel')],
    ['engineering-supervisor', all('classify', 'reopen', 'cancel')],
    ['team-lead', all('classify', 'quote', 'rework', 'reopen', 'cancel')],
    ['front-desk', ['amend']],
  ])('of %s on a repair are %j', (role, actions) => {
    expect(everOf(role)).toEqual(actions);
  });

  it('are none for who only reads or registers', () => {
    const idle: Role[] = [
      'driver',
      'hr',
      'cashier',
      'auditor',
      'hq-auditor',
      'hq-admin',
      'partner',
      'customer',
    ];
    for (const state of TICKET_STATES) expect(may(state, ...idle)).toEqual([]);
  });

  it('agree with the table: what is offered is never refused for its state', () => {
    for (const state of TICKET_STATES)
      for (const action of may(state, ...ROLES)) expect(() => nextState(ticket(state), action)).not.toThrow();
  });
});

describe('who may', () => {
  it('TKT-01 register: every role of the staff; no auditor, partner or customer', () => {
    const out: Role[] = ['auditor', 'hq-auditor', 'partner', 'customer'];
    expect(new Set(REGISTER_ROLES)).toEqual(new Set(ROLES.filter((role) => !out.includes(role))));
  });

  it('read: the staff and the auditors', () => {
    expect(new Set(READ_ROLES)).toEqual(new Set([...REGISTER_ROLES, 'auditor', 'hq-auditor']));
  });

  it('lesson 9: an auditor changes nothing', () => {
    for (const action of ACTIONS)
      for (const role of ['auditor', 'hq-auditor'] as const)
        expect(TRANSITIONS[action].roles).not.toContain(role);
  });

  it('ORG-03 know the person: who serves the customer', () => {
    for (const role of ['cs-agent', 'engineer', 'team-lead', 'front-desk', 'account-manager'] as const)
      expect(mayKnowPerson([role])).toBe(true);
    for (const role of ['driver', 'hr', 'cashier', 'security', 'auditor', 'hq-admin', 'hq-auditor'] as const)
      expect(mayKnowPerson([role])).toBe(false);
    expect(mayKnowPerson([])).toBe(false);
    expect(mayKnowPerson(['driver', 'engineer'])).toBe(true);
  });

  it('be put in charge of a ticket: who works on tickets', () => {
    expect(isWorker(['engineer'])).toBe(true);
    expect(isWorker(['driver', 'engineer'])).toBe(true);
    expect(isWorker(['driver', 'hr', 'hq-admin'])).toBe(false);
  });
});

describe('what the rules tell of a ticket', () => {
  it('it is open until it is completed or cancelled', () => {
    expect(TICKET_STATES.filter((state) => !isOpen(state))).toEqual(['completed', 'cancelled']);
  });

  it.each([
    ['u', 'c', true],
    ['u', null, false],
    [null, 'c', false],
    [null, null, false],
  ])('TKT-64 of the unit %s and the category %s it can recur: %s', (propertyUnitId, categoryCode, recurs) => {
    expect(mayRecur({ propertyUnitId, categoryCode })).toBe(recurs);
  });

  it('TKT-27 a pause lasts a leap year at most', () => {
    expect(new Date(Date.UTC(2028, 0, 1) + MAX_PAUSE_MS)).toEqual(new Date(Date.UTC(2029, 0, 1)));
  });
});

describe('intake', () => {
  it('TKT-01 TKT-04 customer service files what it takes in with a category; the rest waits for it', () => {
    expect(stateAtIntake('water-leak', ['cs-agent'])).toBe('classified');
    expect(stateAtIntake('water-leak', ['driver', 'branch-manager'])).toBe('classified');
    expect(stateAtIntake(null, ['cs-agent'])).toBe('registered');
    expect(stateAtIntake('water-leak', ['driver'])).toBe('registered');
    expect(stateAtIntake('water-leak', [])).toBe('registered');
  });

  it('TKT-03 an emergency is one by its kind', () => {
    expect(defaultPriority('emergency')).toBe('emergency');
    expect(defaultPriority('repair')).toBe('routine');
  });
});
