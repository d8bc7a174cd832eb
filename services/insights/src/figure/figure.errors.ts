import { unprocessable, type DomainError } from '@steward/kernel';
import { MAX_ROWS } from './figure.rules.js';

export const tooManyRows = (): DomainError =>
  unprocessable(
    'figure.too-many-rows',
    `These figures have more than ${MAX_ROWS} rows. Ask for fewer months or branches, or tell them apart by less.`,
    undefined,
    { limit: MAX_ROWS },
  );
