import { PARTNER_EVENTS } from '@steward/contracts';

/** Events that can be granted. */
export const SUBSCRIBABLE = PARTNER_EVENTS;

export const SUBSCRIBABLE_TYPES: ReadonlySet<string> = new Set(SUBSCRIBABLE.map(({ type }) => type));
