import type { MoneyJson } from '@steward/kernel';
import { z } from 'zod';

const AMOUNT = /^\d{1,13}(?:\.\d{1,4})?$/;
const POSITIVE = /[1-9]/;

const moneyOf = <A extends z.ZodType<string>>(amount: A) =>
  z.strictObject({ amount, currency: z.string().regex(/^[A-Z]{3}$/, 'is not a currency such as CNY') });

/** Money that a request brings: zero or more. */
export const moneyInput = () => moneyOf(z.string().max(18).regex(AMOUNT, 'is not an amount such as 12.30'));

/** Money that a request brings: more than zero. */
export const positiveMoneyInput = () =>
  moneyOf(
    z.string().max(18).regex(AMOUNT, 'is not an amount such as 12.30').regex(POSITIVE, 'is not above zero'),
  );

/** Money in an answer. */
export const moneyOutput = (): z.ZodType<MoneyJson> => z.object({ amount: z.string(), currency: z.string() });
