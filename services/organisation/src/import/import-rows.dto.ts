import { ROLES } from '@steward/kernel';
import { instant, text } from '@steward/platform';
import { z } from 'zod';

const code = () =>
  z
    .string()
    .max(100)
    .regex(/^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u, 'is letters, digits, hyphens and underscores');

/** One row of a file of units; whoever stands above comes first. */
export const unitRow = z.strictObject({
  kind: z.enum(['region', 'branch', 'site']).describe('region, branch or site'),
  parent: text(100).describe('Code of the unit above'),
  code: code().describe('Code of the unit'),
  name: text(200).describe('Name of the unit'),
  timeZone: text(64).optional().describe('Time zone of a branch; else that of the unit above'),
  locale: text(35).optional().describe('Locale of a branch; else that of the unit above'),
});
export type UnitRow = z.output<typeof unitRow>;

/** One row of a file of employees; a person with several roles has a row for each. */
export const employeeRow = z.strictObject({
  subject: z
    .string()
    .max(200)
    .regex(/^[\x21-\x7e]+$/, 'is ASCII without spaces')
    .describe("The token issuer's identifier"),
  name: text(200).describe('Name'),
  phone: text(40)
    .regex(/^\+?[0-9][0-9 ()/-]{2,}$/, 'is no phone number')
    .optional()
    .describe('Phone number'),
  home: text(100).describe('Code of the unit that employs the person'),
  role: z.enum(ROLES).optional().describe('A role to grant; needs the unit'),
  unit: text(100).optional().describe('Code of the unit in which the role holds'),
  validFrom: instant().optional().describe('Since when; from the import on when left out'),
  validTo: instant().optional().describe('Until when; until revoked when left out'),
});
export type EmployeeRow = z.output<typeof employeeRow>;

/** One row of a file of policy values. */
export const policyRow = z.strictObject({
  key: text(300).describe('The parameter'),
  unit: text(100).describe('Code of the group, region or branch'),
  value: text(20_000).describe('The value as JSON: 5, "80", {"amount": 2, "unit": "working-days"}'),
  effectiveFrom: instant().optional().describe('Since when; from the import on when left out'),
  locked: z.stringbool().default(false).describe('Whether it binds the levels below'),
  reason: text(1000).optional().describe('Why; needed for values that are effective before now'),
});
export type PolicyRow = z.output<typeof policyRow>;
