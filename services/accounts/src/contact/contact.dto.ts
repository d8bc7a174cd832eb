import { day, listQuery, pageSchema, text } from '@steward/platform';
import { z } from 'zod';
import { CONTACT_ROLES } from './contact.rules.js';

const EXAMPLE = {
  role: 'agent' as const,
  name: '王芳',
  phone: '13900009999',
  validFrom: '2026-03-01',
  validTo: '2027-02-28',
  proof: '授权委托书 2026-03-01，已核对签字',
};

export const addContactBody = z
  .strictObject({
    role: z.enum(CONTACT_ROLES),
    name: text(200),
    phone: text(40).nullable().default(null),
    validFrom: day(),
    validTo: day().nullable().default(null),
    proof: text(1000).nullable().default(null).describe('Which document proves it; an agent needs one'),
  })
  .meta({ id: 'AddContact', examples: [EXAMPLE] });
export type AddContactBody = z.output<typeof addContactBody>;

export const changeContactBody = z
  .strictObject({
    phone: text(40).nullable().optional(),
    validTo: day().nullable().optional(),
    proof: text(1000).nullable().optional(),
    reason: text(1000).optional(),
  })
  .refine((body) => Object.keys(body).some((field) => field !== 'reason'), 'changes nothing')
  .meta({ id: 'ChangeContact', examples: [{ validTo: '2026-08-31' }] });
export type ChangeContactBody = z.output<typeof changeContactBody>;

export const contactDto = z
  .object({
    id: z.uuid(),
    customerId: z.uuid(),
    role: z.enum(CONTACT_ROLES),
    name: z.string().describe('Masked for roles without need (ORG-03)'),
    phone: z.string().nullable().describe('In full for roles with need'),
    validFrom: day(),
    validTo: day().nullable(),
    proof: z.string().nullable(),
    version: z.int(),
  })
  .meta({
    id: 'Contact',
    examples: [
      {
        id: '0197a2c4-5d00-7000-8000-0000000000c1',
        customerId: '0197a2c4-5d00-7000-8000-00000000000a',
        ...EXAMPLE,
        version: 1,
      },
    ],
  });
export type ContactDto = z.output<typeof contactDto>;

export const contactsQuery = listQuery({
  filters: { role: z.enum(CONTACT_ROLES).optional(), validOn: day().optional() },
  sorts: ['validFrom'],
  defaultSort: 'validFrom',
});
export type ContactsQuery = z.output<typeof contactsQuery>;
export const contactPage = pageSchema(contactDto).meta({ id: 'ContactPage' });
