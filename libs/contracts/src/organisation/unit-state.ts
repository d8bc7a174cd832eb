import { z } from 'zod';
import { code, id, thingName } from '../fields.js';

/** A unit as the tree of the group knows it: group, region, branch or site (ORG-01 scopes are made of these). */
export const unitState = z.object({
  unitId: id(),
  kind: z.enum(['group', 'region', 'branch', 'site']),
  parentId: id().nullable(),
  /** A branch names itself, a site its branch; null above the branches. */
  branchId: id().nullable(),
  code: code(),
  name: thingName(),
  /** IANA name of the zone; null where a unit takes it from above. */
  timeZone: z
    .string()
    .max(64)
    .regex(/^[A-Za-z0-9+_/-]+$/)
    .nullable(),
  /** BCP 47 tag, e.g. `zh-CN`. */
  locale: z
    .string()
    .max(35)
    .regex(/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/)
    .nullable(),
  calendarId: id().nullable(),
  active: z.boolean(),
});
