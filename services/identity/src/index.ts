export { createApp, migrate, type IdentityParts, type RunningIdentity } from './app.js';
export {
  configFromEnv,
  DevelopmentOnlyError,
  identityEnv,
  type DemoUser,
  type IdentityConfig,
  type PartnerClient,
} from './config.js';
export { identityEnv as environmentSchema } from './config.js';
export { migrationNames, runMigrations } from './migrations.js';
