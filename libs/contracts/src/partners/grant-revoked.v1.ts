import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { id, instant } from '../fields.js';

export const PartnerGrantRevoked = defineEvent({
  context: 'partners',
  name: 'grant-revoked',
  version: 1,
  aggregate: 'grant',
  scope: 'group',
  title: 'Partner grant revoked',
  description: 'The partner gets nothing by this grant any more, also not what was on its way (PTR-02).',
  schema: z.object({ grantId: id(), partnerId: id(), revokedAt: instant() }),
  sample: {
    grantId: '0197a2c4-5d00-7000-8000-000000000021',
    partnerId: '4f0b8a52-0d0e-5b8f-9a3d-4d1b7e2c9f10',
    revokedAt: '2026-03-04T08:30:00.000Z',
  },
});
export type PartnerGrantRevoked = DataOf<typeof PartnerGrantRevoked>;
