import type { Features } from './features.js';

/** Fee items, tariffs, readings and billing runs. */
export const RATING: Features = {
  controllers: [],
  providers: [],
  handlers: {},
  imports: [],
  migrations: [],
};
