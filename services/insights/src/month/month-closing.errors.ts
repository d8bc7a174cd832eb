import { conflict, notFound, unprocessable, type DomainError } from '@steward/kernel';

export const branchUnknown = (): DomainError =>
  notFound('month.branch-unknown', 'There is no such branch in your scope.');

export const closingUnknown = (): DomainError =>
  notFound('month.closing-unknown', 'There is no such closing in your scope.');

export const figuresNotKept = (): DomainError =>
  notFound('month.figures-not-kept', 'The month was closed before figures were kept with closings.');

export const monthNotEnded = (month: string): DomainError =>
  unprocessable('month.not-ended', `${month} has not ended yet where the branch is.`);

export const monthClosed = (month: string): DomainError =>
  conflict('month.already-closed', `${month} is closed already; late facts show as corrections.`, { month });
