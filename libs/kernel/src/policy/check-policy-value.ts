import { type DomainError, invalid, isDomainError } from '../domain-error.js';
import { checkDuration } from '../duration.js';
import { parseMoney, type MoneyJson } from '../money.js';
import { parseQuantity } from '../quantity.js';
import type { PolicyDefinition, PolicyType } from './policy.js';

type Check = (value: unknown, definition: PolicyDefinition) => boolean;

const CHECKS: Readonly<Record<PolicyType, Check>> = {
  integer: (value) => Number.isSafeInteger(value),
  decimal: isDecimalText,
  percent: isDecimalText,
  money: (value) => {
    const { amount, currency } = (value ?? {}) as Partial<MoneyJson>;
    return typeof amount === 'string' && typeof currency === 'string' && !!parseMoney({ amount, currency });
  },
  boolean: (value) => typeof value === 'boolean',
  text: (value) => typeof value === 'string',
  duration: (value) => !!checkDuration(value),
  choice: (value, { choices }) => typeof value === 'string' && !!choices?.includes(value),
  object: (value) => typeof value === 'object' && value !== null,
};

const EXPECTED: Readonly<Record<PolicyType, string>> = {
  integer: 'a whole number',
  decimal: 'a decimal number as text, such as "1.25"',
  percent: 'a percentage as text, such as "80" for 80 %',
  money: 'an amount of money, such as {"amount": "12.30", "currency": "CNY"}',
  boolean: 'true or false',
  text: 'a text',
  duration: 'a duration, such as {"amount": 2, "unit": "working-days"}',
  choice: 'one of its choices',
  object: 'an object',
};

/**
 * Checks a value from outside against the parameter's type and its own `validate`, and gives it back typed.
 * @throws DomainError `policy.invalid-value` that names the key and says what is expected.
 */
export function checkPolicyValue<V>(definition: PolicyDefinition<V>, value: unknown): V {
  try {
    if (!CHECKS[definition.type](value, definition)) throw refuse(definition);
    return definition.validate ? definition.validate(value) : (value as V);
  } catch (error) {
    throw isDomainError(error) && error.code === 'policy.invalid-value' ? error : refuse(definition, error);
  }
}

function isDecimalText(value: unknown): boolean {
  return typeof value === 'string' && !!parseQuantity(value);
}

function refuse(definition: PolicyDefinition, cause?: unknown): DomainError {
  const { key, type, unit, choices } = definition;
  const what = choices ? `${EXPECTED[type]} (${choices.join(', ')})` : EXPECTED[type];
  const why = cause instanceof Error ? ` ${isDomainError(cause) ? cause.detail : cause.message}` : '';
  const detail = `${key} takes ${what}${unit ? `, in ${unit}` : ''}.${why}`;
  const problem = { path: 'value', code: 'policy.invalid-value', detail };
  return invalid('policy.invalid-value', detail, [problem], { key, type });
}
