// The events of each context; whatever stands in an `events.ts` is in the catalogue.
export * as accounts from './accounts/events.js';
export * as billing from './billing/events.js';
export * as insights from './insights/events.js';
export * as partners from './partners/events.js';
export * as organisation from './organisation/events.js';
export * as premises from './premises/events.js';
export * as tickets from './tickets/events.js';
