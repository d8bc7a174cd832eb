import { notFound, unprocessable, type DomainError } from '@steward/kernel';

export const invoiceNotFound = (): DomainError =>
  notFound('invoice.not-found', 'There is no such invoice in your scope.');

export const nothingToInvoice = (): DomainError =>
  unprocessable(
    'invoice.nothing-to-invoice',
    'The account has no charge that stands on no invoice yet, or a charge that was named stands on one.',
  );
