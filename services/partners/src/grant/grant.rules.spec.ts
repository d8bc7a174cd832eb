import { describe, expect, it } from '@jest/globals';
import { ROLES } from '@steward/kernel';
import {
  admitted,
  changed,
  closed,
  grantActions,
  opened,
  openTopicOf,
  revoked,
  topicOpen,
  type Grant,
  type GrantTopic,
} from './grant.rules.js';

const NOW = new Date('2026-03-02T01:00:00Z');
const TOPIC: GrantTopic = { name: 'partner.p1.v1', state: 'open', subscriptionId: 's1', credentialsAt: null };
const grant = (rest: Partial<Grant> = {}): Grant => ({
  id: 'g1',
  partnerId: 'p1',
  client: 'demo-partner',
  name: 'Demo',
  eventTypes: ['a'],
  branchIds: ['EB1'],
  groupFacts: false,
  personalFields: [],
  state: 'active',
  givenBy: 'hq.admin',
  givenAt: NOW,
  revokedAt: null,
  topic: null,
  version: 3,
  ...rest,
});
const gone = grant({ state: 'revoked', revokedAt: NOW });

describe('PTR-02 a grant', () => {
  it('is changed by a new version', () => {
    expect(changed(grant(), { name: 'Other', groupFacts: true })).toEqual(
      grant({ name: 'Other', groupFacts: true, version: 4 }),
    );
  });

  it('is revoked with its topic, if it has one', () => {
    expect(revoked(grant(), NOW)).toEqual({ ...gone, version: 4 });
    expect(revoked(grant({ topic: TOPIC }), NOW)).toEqual({
      ...gone,
      topic: { ...TOPIC, state: 'closing' },
      version: 4,
    });
  });

  it.each([
    ['changed', () => changed(gone, { name: 'Other' })],
    ['revoked again', () => revoked(gone, NOW)],
    ['given a topic', () => opened(gone, 'partner.p1.v1', 's1')],
  ])('that was revoked is not %s', (_title, act) => {
    expect(act).toThrow(expect.objectContaining({ kind: 'conflict', code: 'partner-grant.revoked' }));
  });
});

describe('PTR-01 the topic of a grant', () => {
  it('is opened once, without credentials yet', () => {
    expect(opened(grant(), 'partner.p1.v1', 's1')).toEqual(grant({ topic: TOPIC, version: 4 }));
    for (const state of ['open', 'closing'] as const)
      expect(() => opened(grant({ topic: { ...TOPIC, state } }), 'x', 's2')).toThrow('partner-topic.open');
    expect(topicOpen().kind).toBe('conflict');
  });

  it('gets credentials while it is open', () => {
    expect(admitted(grant({ topic: TOPIC }), NOW)).toEqual(
      grant({ topic: { ...TOPIC, credentialsAt: NOW }, version: 4 }),
    );
    expect(openTopicOf(grant({ topic: TOPIC }))).toBe(TOPIC);
  });

  it.each([
    ['none', null],
    ['one that is being closed', { ...TOPIC, state: 'closing' as const }],
  ])('lets nobody in when there is %s', (_title, topic) => {
    expect(() => admitted(grant({ topic }), NOW)).toThrow('partner-topic.none');
    expect(() => openTopicOf(grant({ topic }))).toThrow('partner-topic.none');
  });

  it('is closed, if there is one', () => {
    expect(closed(grant({ topic: TOPIC }))).toEqual(
      grant({ topic: { ...TOPIC, state: 'closing' }, version: 4 }),
    );
    expect(closed(grant()).topic).toBeNull();
  });
});

describe('PTR-02 what may be done with a grant', () => {
  const ways = ['change', 'revoke'];

  it.each([
    ['without a topic', grant(), [...ways, 'open-topic']],
    ['with an open one', grant({ topic: TOPIC }), [...ways, 'issue-credentials', 'close-topic']],
    ['whose topic is being closed', grant({ topic: { ...TOPIC, state: 'closing' } }), ways],
    ['that was revoked', gone, []],
  ])('%s, by headquarters', (_title, its, actions) => {
    expect(grantActions(its, ['cs-agent', 'hq-admin'])).toEqual(actions);
  });

  it('is nothing for anybody else', () => {
    const others = ROLES.filter((role) => role !== 'hq-admin');
    expect(grantActions(grant(), others)).toEqual([]);
  });
});
