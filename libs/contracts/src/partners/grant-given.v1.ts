import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { granted, GRANTED_SAMPLE } from './granted.js';

export const PartnerGrantGiven = defineEvent({
  context: 'partners',
  name: 'grant-given',
  version: 1,
  aggregate: 'grant',
  scope: 'group',
  title: 'Partner grant given',
  description:
    'Headquarters let a partner have events of these types and branches, with these kinds of personal ids (PTR-02).',
  schema: z.object(granted),
  sample: GRANTED_SAMPLE,
});
export type PartnerGrantGiven = DataOf<typeof PartnerGrantGiven>;
