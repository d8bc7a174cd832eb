// The events of each context; whatever stands in an `events.ts` is in the catalogue.
export * as insights from './insights/events.js';
export * as organisation from './organisation/events.js';
export * as tickets from './tickets/events.js';
