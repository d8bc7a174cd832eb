import type { Reader } from '@steward/messaging';

/** The topic of a partner, its login, and how its groups begin; before all three stands the installation's prefix. */
export const readerOf = (partnerId: string): Reader => ({
  user: `partner.${partnerId}`,
  topic: `partner.${partnerId}.v1`,
  groups: `partner.${partnerId}.`,
});
