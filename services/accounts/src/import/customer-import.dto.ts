import { flag, text } from '@steward/platform';
import { z } from 'zod';

/** One row of a customer file after its mapping. */
export const customerRow = z.strictObject({
  kind: z.enum(['person', 'company']).default('person').describe('Person or company'),
  name: text(200).describe('Full name'),
  phone: text(40).optional().describe('Phone'),
  secondPhone: text(40).optional().describe('Second phone'),
  vehicleBrand: text(60).optional().describe('Brand of the vehicle'),
  plate: text(20).optional().describe('Plate of the vehicle'),
  idNumber: text(60).nullable().default(null).describe('Identity card or licence number'),
  address: text(500).nullable().default(null).describe('Address'),
  acceptDuplicates: flag().default(false).describe('Possible duplicates were looked at'),
});
export type CustomerRow = z.output<typeof customerRow>;
