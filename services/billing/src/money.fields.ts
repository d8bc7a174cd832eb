import type { MoneyJson } from '@steward/kernel';
import { z } from 'zod';

const AMOUNT = /^\d{1,13}(?:\.\d{1,4})?$/;
// one pattern, so that the document of the API shows it as it is
const POSITIVE = /^(?=.*[1-9])\d{1,13}(?:\.\d{1,4})?$/;

const moneyOf = (pattern: RegExp, message: string) =>
  z.strictObject({
    amount: z.string().max(18).regex(pattern, message),
    currency: z.string().regex(/^[A-Z]{3}$/, 'is not a currency such as CNY'),
  });

/** Money that a request brings: zero or more. */
export const moneyInput = () => moneyOf(AMOUNT, 'is not an amount such as 12.30');

/** Money that a request brings: more than zero. */
export const positiveMoneyInput = () => moneyOf(POSITIVE, 'is not an amount above zero such as 12.30');

/** Money in an answer. */
export const moneyOutput = (): z.ZodType<MoneyJson> => z.object({ amount: z.string(), currency: z.string() });
