import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { granted, GRANTED_SAMPLE } from './granted.js';

export const PartnerGrantChanged = defineEvent({
  context: 'partners',
  name: 'grant-changed',
  version: 1,
  aggregate: 'grant',
  scope: 'group',
  title: 'Partner grant changed',
  description: 'What the partner may have from now on; deliveries and reads after it obey it (PTR-02).',
  schema: z.object(granted),
  sample: GRANTED_SAMPLE,
});
export type PartnerGrantChanged = DataOf<typeof PartnerGrantChanged>;
