import { z } from 'zod';
import { PROTOCOLS } from '../config.js';

const PARTNER = '4f0b8a52-0d0e-5b8f-9a3d-4d1b7e2c9f10';

export const topicCredentialsDto = z
  .object({
    grantId: z.uuid(),
    version: z.int().describe('Of the grant.'),
    brokers: z.array(z.string()).describe('Where the partner connects to, `host:port`.'),
    protocol: z.enum(PROTOCOLS),
    mechanism: z.enum(['SCRAM-SHA-512']),
    username: z.string(),
    password: z.string().describe('Shown this once; older ones do not count any more.'),
    topic: z.string(),
    groupPrefix: z.string().describe('How the ids of the consumer groups of the partner begin.'),
  })
  .meta({
    id: 'PartnerTopicCredentials',
    examples: [
      {
        grantId: '0197a2c4-5d00-7000-8000-000000000021',
        version: 3,
        brokers: ['events.example.com:9094'],
        protocol: 'SASL_SSL',
        mechanism: 'SCRAM-SHA-512',
        username: `partner.${PARTNER}`,
        password: 'l3Yw0JZ8yQm2Vt5uXc1nB7rKd9sFgHpA',
        topic: `partner.${PARTNER}.v1`,
        groupPrefix: `partner.${PARTNER}.`,
      },
    ],
  });
export type TopicCredentialsDto = z.output<typeof topicCredentialsDto>;
