import { conflict, type Role } from '@steward/kernel';
import type { GrantTerms } from '../log/reduce.rules.js';

export const PERSONAL_FIELDS = ['customer', 'employee'] as const;
export const GRANT_STATES = ['active', 'revoked'] as const;
export type GrantState = (typeof GRANT_STATES)[number];

export const GRANT_ACTIONS = ['change', 'revoke', 'open-topic', 'issue-credentials', 'close-topic'] as const;
export type GrantAction = (typeof GRANT_ACTIONS)[number];

export const GIVERS: readonly [Role, ...Role[]] = ['hq-admin'];
export const GRANT_READERS: readonly [Role, ...Role[]] = ['hq-admin', 'hq-auditor', 'partner'];

export const TOPIC_STATES = ['open', 'closing'] as const;

/** The topic of its own that a grant brings its partner (PTR-01); `closing` until the brokers let nobody in any more. */
export type GrantTopic = Readonly<{
  /** As the brokers know it. */
  name: string;
  state: (typeof TOPIC_STATES)[number];
  subscriptionId: string;
  credentialsAt: Date | null;
}>;

/** A grant: what headquarters let one partner client have. */
export type Grant = GrantTerms &
  Readonly<{
    id: string;
    partnerId: string;
    client: string;
    name: string;
    state: GrantState;
    givenBy: string;
    givenAt: Date;
    revokedAt: Date | null;
    topic: GrantTopic | null;
    version: number;
  }>;

export type GrantChange = Partial<GrantTerms & { name: string }>;

/** The grant with other terms. Throws `partner-grant.revoked`. */
export function changed(grant: Grant, change: GrantChange): Grant {
  mustBeActive(grant);
  return { ...grant, ...change, version: grant.version + 1 };
}

/** The grant as it is once revoked; it never comes back. Throws `partner-grant.revoked`. */
export function revoked(grant: Grant, at: Date): Grant {
  mustBeActive(grant);
  return { ...closed(grant), state: 'revoked', revokedAt: at };
}

/** The grant with a topic. Throws `partner-grant.revoked` and `partner-topic.open`. */
export function opened(grant: Grant, name: string, subscriptionId: string): Grant {
  mustBeActive(grant);
  if (grant.topic) throw topicOpen();
  const topic: GrantTopic = { name, state: 'open', subscriptionId, credentialsAt: null };
  return { ...grant, topic, version: grant.version + 1 };
}

/** The grant whose topic has new credentials. Throws `partner-topic.none`. */
export function admitted(grant: Grant, credentialsAt: Date): Grant {
  const topic = { ...openTopicOf(grant), credentialsAt };
  return { ...grant, topic, version: grant.version + 1 };
}

/** The grant whose topic, if it has one, is about to be closed. */
export const closed = (grant: Grant): Grant => ({
  ...grant,
  topic: grant.topic && { ...grant.topic, state: 'closing' },
  version: grant.version + 1,
});

/** The topic of a grant. Throws `partner-topic.none`. */
export function openTopicOf({ topic }: Grant): GrantTopic {
  if (topic?.state !== 'open')
    throw conflict('partner-topic.none', 'The grant has no topic. Open one with POST /topic.');
  return topic;
}

/** The refusal of a second topic of a partner. */
export const topicOpen = () =>
  conflict('partner-topic.open', 'The partner has a topic, or its last one is still being closed.');

/** What somebody with these roles may do with the grant now. */
export function grantActions(grant: Grant, roles: readonly Role[]): GrantAction[] {
  const may = grant.state === 'active' && GIVERS.some((role) => roles.includes(role));
  if (!may) return [];
  const ofTopic: GrantAction[] =
    grant.topic === null
      ? ['open-topic']
      : grant.topic.state === 'open'
        ? ['issue-credentials', 'close-topic']
        : [];
  return ['change', 'revoke', ...ofTopic];
}

/** Throws `partner-grant.revoked`. */
export function mustBeActive({ state }: Grant): void {
  if (state === 'revoked') throw conflict('partner-grant.revoked', 'The grant was revoked. Give a new one.');
}
