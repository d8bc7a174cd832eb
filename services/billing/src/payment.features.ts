import type { Features } from './features.js';

/** Payments, receipts, cash and arrears. */
export const PAYMENT: Features = {
  controllers: [],
  providers: [],
  handlers: {},
  imports: [],
  migrations: [],
};
