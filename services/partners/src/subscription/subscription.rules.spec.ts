import { describe, expect, it } from '@jest/globals';
import type { GrantTerms } from '../log/reduce.rules.js';
import {
  beyondGrant,
  mustBeWebhook,
  mustLive,
  stateAfter,
  SUBSCRIPTION_STATES,
  subscriptionActions,
  wanted,
  type EventFilter,
  type Wish,
  type Wished,
} from './subscription.rules.js';

const wish = (rest: Partial<Wish> = {}, filter: Partial<EventFilter> = {}): Wish => ({
  eventTypes: ['closed', 'opened'],
  branchIds: null,
  filter: { imported: false, ...filter },
  ...rest,
});
const event = (rest: Partial<Wished> = {}): Wished => ({
  type: 'closed',
  branchId: 'EB1',
  aggregateId: 't1',
  origin: 'live',
  data: { kind: 'repair', free: true, rounds: 2 },
  ...rest,
});

describe('PTR-01 a subscription takes', () => {
  it.each<[string, Wish, Wished, boolean]>([
    ['its types', wish(), event(), true],
    ['no other type', wish(), event({ type: 'paused' }), false],
    ['every branch when it names none', wish(), event({ branchId: 'EB9' }), true],
    ['facts of the group when it names no branch', wish(), event({ branchId: null }), true],
    ['the branches that it names', wish({ branchIds: ['EB1', 'EB2'] }), event(), true],
    ['no other branch', wish({ branchIds: ['EB2'] }), event(), false],
    [
      'no facts of the group when it names branches',
      wish({ branchIds: ['EB1'] }),
      event({ branchId: null }),
      false,
    ],
    ['nothing that was imported', wish(), event({ origin: 'import' }), false],
    ['what was imported, if it says so', wish({}, { imported: true }), event({ origin: 'import' }), true],
    ['the records that it names', wish({}, { aggregateIds: ['t1'] }), event(), true],
    ['no other record', wish({}, { aggregateIds: ['t2'] }), event(), false],
    ['any of a field’s values', wish({}, { fields: { kind: ['hazard', 'repair'] } }), event(), true],
    ['no other value', wish({}, { fields: { kind: ['hazard'] } }), event(), false],
    ['what fits in every field', wish({}, { fields: { free: [true], rounds: [2] } }), event(), true],
    ['nothing that fits in one of them', wish({}, { fields: { free: [true], rounds: [1] } }), event(), false],
    ['nothing by a field that it may not see', wish({}, { fields: { customer: ['c1'] } }), event(), false],
  ])('%s', (_title, wished, its, taken) => {
    expect(wanted(wished, its)).toBe(taken);
  });
});

describe('PTR-02 a subscription names only what is granted', () => {
  const terms = (rest: Partial<GrantTerms>): GrantTerms => ({
    eventTypes: ['closed'],
    branchIds: ['EB1'],
    groupFacts: false,
    personalFields: [],
    ...rest,
  });
  const granted = {
    grants: [terms({}), terms({ eventTypes: ['opened'], branchIds: ['EB2'] })],
    reach: ['EB1', 'EB2', 'EB3'],
  };

  it.each<[Partial<Wish>, string[], string[]]>([
    [{}, [], []],
    [{ branchIds: ['EB1', 'EB2'] }, [], []],
    [{ branchIds: ['EB1', 'EB3'] }, [], ['EB3']],
    [{ eventTypes: ['closed'], branchIds: ['EB1', 'EB2'] }, [], ['EB2']],
    [{ eventTypes: ['closed', 'paused'] }, ['paused'], []],
  ])('of %j it may not have the types %j and the branches %j', (rest, eventTypes, branchIds) => {
    expect(beyondGrant(wish(rest), granted)).toEqual({ eventTypes, branchIds });
  });
});

describe('PTR-03 the life of a subscription', () => {
  it('is paused while it is active, and resumed from a pause or a shutdown', () => {
    expect(stateAfter('pause', 'active')).toBe('paused');
    expect(stateAfter('resume', 'paused')).toBe('active');
    expect(stateAfter('resume', 'disabled')).toBe('active');
  });

  it.each([
    ['pause', 'paused'],
    ['pause', 'disabled'],
    ['resume', 'active'],
  ] as const)('no %s of what is %s', (action, state) => {
    expect(() => stateAfter(action, state)).toThrow(
      expect.objectContaining({
        code: 'subscription.wrong-state',
        detail: `The subscription is ${state}.`,
        params: { state },
      }),
    );
  });

  it('ends for good', () => {
    expect(() => stateAfter('resume', 'ended')).toThrow('subscription.ended');
    expect(() => mustLive('ended')).toThrow('subscription.ended');
    for (const state of SUBSCRIPTION_STATES.filter((each) => each !== 'ended'))
      expect(() => mustLive(state)).not.toThrow();
  });

  it('a topic has no address, secret or test', () => {
    expect(() => mustBeWebhook('topic')).toThrow('subscription.of-topic');
    expect(() => mustBeWebhook('webhook')).not.toThrow();
  });

  it.each([
    ['active', 'webhook', ['change', 'pause', 'test', 'replay', 'rotate-secret', 'end']],
    ['paused', 'webhook', ['change', 'resume', 'test', 'replay', 'rotate-secret', 'end']],
    ['disabled', 'webhook', ['change', 'resume', 'test', 'replay', 'rotate-secret', 'end']],
    ['active', 'topic', ['change', 'pause', 'replay']],
    ['paused', 'topic', ['change', 'resume', 'replay']],
    ['ended', 'webhook', []],
  ] as const)('its owner may do with an %s %s: %j', (state, delivery, actions) => {
    expect(subscriptionActions(state, true, delivery)).toEqual(actions);
    expect(subscriptionActions(state, false, delivery)).toEqual([]);
  });
});
