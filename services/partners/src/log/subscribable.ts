import { ALL_EVENTS, type EventDefinition } from '@steward/contracts';

/** Contexts whose topics the partner log is made of. */
export const LOGGED_CONTEXTS: readonly string[] = [
  'accounts',
  'insights',
  'organisation',
  'premises',
  'tickets',
];

/** Events that can be granted: facts of the trade, not of the platform's own upkeep. */
export const SUBSCRIBABLE: readonly EventDefinition[] = ALL_EVENTS.filter(
  ({ context, name }) => LOGGED_CONTEXTS.includes(context) && name !== 'audit-head-sealed',
);

export const SUBSCRIBABLE_TYPES: ReadonlySet<string> = new Set(SUBSCRIBABLE.map(({ type }) => type));
