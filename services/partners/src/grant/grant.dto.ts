import { instant, listQuery, pageSchema, text } from '@steward/platform';
import { z } from 'zod';
import { GRANT_ACTIONS, GRANT_STATES, PERSONAL_FIELDS, TOPIC_STATES } from './grant.rules.js';

export const eventType = () =>
  z
    .string()
    .max(120)
    .regex(/^[a-z-]+\.[a-z-]+\.v[1-9]\d*$/);
export const eventTypes = () => z.array(eventType()).min(1).max(300);
export const branchIds = () => z.array(z.uuid()).min(1).max(2000).nullable();

const terms = {
  name: text(200).describe('For whom or what it is.'),
  eventTypes: eventTypes().describe('Types of the event catalogue.'),
  branchIds: branchIds().describe('Null: every branch in which the client holds the role `partner`.'),
  groupFacts: z.boolean().describe('Also facts of the group, such as published tariffs.'),
  personalFields: z
    .array(z.enum(PERSONAL_FIELDS))
    .max(PERSONAL_FIELDS.length)
    .describe('Kinds of people whose ids stand in what the partner gets; other ids of people are left out.'),
};

const TERMS = {
  name: '支付通道 Payment provider',
  eventTypes: ['tickets.ticket-completed.v1'],
  branchIds: ['0197a2c4-5d00-7000-8000-000000000002'],
  groupFacts: false,
  personalFields: ['customer' as const],
};

export const giveGrantBody = z
  .strictObject({
    client: z.string().trim().min(1).max(200).describe('The machine client, as its token names it.'),
    ...terms,
    branchIds: terms.branchIds.default(null),
    groupFacts: terms.groupFacts.default(false),
    personalFields: terms.personalFields.default([]),
  })
  .meta({ id: 'GivePartnerGrant', examples: [{ client: 'demo-partner', ...TERMS }] });
export type GiveGrantBody = z.output<typeof giveGrantBody>;

export const changeGrantBody = z
  .strictObject(terms)
  .partial()
  .meta({ id: 'ChangePartnerGrant', examples: [{ personalFields: [] }] });
export type ChangeGrantBody = z.output<typeof changeGrantBody>;

export const revokeGrantBody = z
  .strictObject({ reason: text(1000) })
  .meta({ id: 'RevokePartnerGrant', examples: [{ reason: '合同到期' }] });
export type RevokeGrantBody = z.output<typeof revokeGrantBody>;

const EXAMPLE = {
  id: '0197a2c4-5d00-7000-8000-000000000021',
  partnerId: '4f0b8a52-0d0e-5b8f-9a3d-4d1b7e2c9f10',
  client: 'demo-partner',
  ...TERMS,
  state: 'active' as const,
  givenBy: 'hq.admin',
  givenAt: '2026-03-02T01:00:00.000Z',
  revokedAt: null,
  topic: null,
  actions: [],
  version: 1,
};

export const grantDto = z
  .object({
    id: z.uuid(),
    partnerId: z.uuid(),
    client: z.string(),
    ...terms,
    state: z.enum(GRANT_STATES),
    givenBy: z.string(),
    givenAt: instant(),
    revokedAt: instant().nullable(),
    topic: z
      .object({
        name: z.string().describe('As the brokers know it.'),
        state: z.enum(TOPIC_STATES).describe('`closing` until the brokers let nobody in any more.'),
        subscriptionId: z.uuid().describe('What is written, as the partner may change, pause and replay it.'),
        credentialsAt: instant().nullable().describe('When the credentials were issued that count now.'),
      })
      .nullable()
      .describe('The Kafka topic of its own that the partner reads by this grant.'),
    actions: z.array(z.enum(GRANT_ACTIONS)).describe('What you may do with it now.'),
    version: z.int(),
  })
  .meta({ id: 'PartnerGrant', examples: [EXAMPLE] });
export type GrantDto = z.output<typeof grantDto>;

export const grantsQuery = listQuery({
  filters: { client: z.string().max(200).optional(), state: z.enum(GRANT_STATES).optional() },
  sorts: ['givenAt'],
  defaultSort: '-givenAt',
});
export type GrantsQuery = z.output<typeof grantsQuery>;

export const grantPage = pageSchema(grantDto).meta({
  id: 'PartnerGrantPage',
  examples: [{ items: [EXAMPLE], next: null }],
});
