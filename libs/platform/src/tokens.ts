import type { Grant } from './context.js';

/** Token of the kernel's `Clock`. */
export const CLOCK = Symbol('CLOCK');

/** Token of the service's pino `Logger`. */
export const LOGGER = Symbol('LOGGER');

/** Token of the service's `PlatformConfig`. */
export const PLATFORM_CONFIG = Symbol('PLATFORM_CONFIG');

/** Token of the service's short name (`tickets`). */
export const SERVICE_NAME = Symbol('SERVICE_NAME');

/** Token of the `PublishHeads` that sends the heads of the audit chains out; optional. */
export const PUBLISH_HEADS = Symbol('PUBLISH_HEADS');

/** Token of the `AccessDirectory` that tells the guard what a caller may do. */
export const ACCESS_DIRECTORY = Symbol('ACCESS_DIRECTORY');

/** Who holds which roles where; fed by organisation's events, never by the token. */
export type AccessDirectory = Readonly<{ grantsOf(subject: string): Promise<Grant[]> }>;
