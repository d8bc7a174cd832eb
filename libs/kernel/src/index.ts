export * from './calendar/add-duration.js';
export * from './calendar/between.js';
export * from './calendar/calendar.js';
export * from './calendar/check-calendar.js';
export {
  formatLocalDate,
  fromLocalTime,
  parseLocalDate,
  toLocalDate,
  toLocalTime,
} from './calendar/local-time.js';
export { nextMonth, startOfMonth } from './calendar/month.js';
export * from './clock.js';
export * from './domain-error.js';
export * from './duration.js';
export * from './id.js';
export * from './money.js';
export * from './money-allocation.js';
export * from './policy/check-policy-value.js';
export * from './policy/define-policy.js';
export * from './policy/policy.js';
export * from './policy/resolve-policy.js';
export {
  addQuantity,
  compareQuantity,
  formatQuantity,
  multiplyQuantity,
  parseQuantity,
  subtractQuantity,
  type Quantity,
  type QuantityLike,
} from './quantity.js';
export * from './ratio.js';
export * from './roles.js';
