export * from './audit.js';
export { changesOf } from './changes.rules.js';
export * from './chain.rules.js';
export * from './canonical-json.js';
export * from './sealer.js';
export * from './verify.js';
export * from './audit-trail.js';
export * from './audit.module.js';
