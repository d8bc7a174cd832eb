import type { Role } from '@steward/kernel';
import { text } from '@steward/platform';
import { z } from 'zod';

/** Who imports debts and payments. */
export const MONEY_IMPORTERS: readonly [Role, ...Role[]] = ['accountant', 'branch-manager', 'hq-admin'];

/** A positive amount in a file. */
export const AMOUNT = () =>
  text(18)
    .regex(/^\d{1,13}(?:\.\d{1,4})?$/, 'is not an amount such as 12.30')
    .regex(/[1-9]/, 'is not above zero');

/** The currency of an amount in a file. */
export const CURRENCY = () =>
  z
    .string()
    .regex(/^[A-Z]{3}$/, 'is not a currency such as CNY')
    .default('CNY');
