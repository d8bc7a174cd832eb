export { configFromEnv, gatewayEnv } from './config.js';
export type { GatewayConfig, GatewayLimits, GatewayTimeouts, StreamConfig } from './config.js';
export { createApp } from './gateway.js';
export type { GatewayOptions } from './gateway.js';
export type { EventReference, ObservedEvent, ReferenceSource, SourceListener } from './stream/reference.js';
export { gatewayEnv as environmentSchema } from './config.js';
export { OWN_DOCUMENT } from './openapi/own-operations.js';
