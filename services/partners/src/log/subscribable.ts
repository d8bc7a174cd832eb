import { PARTNER_CONTEXTS, PARTNER_EVENTS } from '@steward/contracts';

/** Contexts whose topics the partner log is made of. */
export const LOGGED_CONTEXTS = PARTNER_CONTEXTS;

/** Events that can be granted. */
export const SUBSCRIBABLE = PARTNER_EVENTS;

export const SUBSCRIBABLE_TYPES: ReadonlySet<string> = new Set(SUBSCRIBABLE.map(({ type }) => type));
