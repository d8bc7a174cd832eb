import { HttpException } from '@nestjs/common';
import {
  isDomainError,
  type DomainError,
  type ErrorKind,
  type ErrorParams,
  type FieldProblem,
} from '@steward/kernel';
import { STATUS_CODES } from 'node:http';
import { databaseFault } from './database-fault.js';
import { frameworkFault } from './framework-fault.js';

/** The body of every error answer (RFC 9457), sent as `application/problem+json`. */
export type Problem = Readonly<{
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  /** The path that was asked for. */
  instance: string;
  correlationId: string;
  errors?: readonly FieldProblem[];
  params?: ErrorParams;
}>;

/** An error as HTTP sees it. `unexpected` ones are ours to fix: they are logged with their stack. */
export type Fault = Readonly<{
  status: number;
  code: string;
  detail: string;
  errors?: readonly FieldProblem[];
  params?: ErrorParams;
  retryAfterSeconds?: number;
  unexpected?: boolean;
}>;

const STATUS_OF_KIND: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'precondition-failed': 412,
  'precondition-required': 428,
  unprocessable: 422,
  'too-many': 429,
  unavailable: 503,
};

const DEFAULT_RETRY_AFTER_S = 1;

function domainFault(error: DomainError): Fault {
  const { retryAfterSeconds, ...params } = error.params ?? {};
  const retries = error.kind === 'too-many' || error.kind === 'unavailable';
  return {
    status: STATUS_OF_KIND[error.kind] ?? 500,
    code: error.code,
    detail: error.detail,
    ...(error.fields?.length ? { errors: error.fields } : {}),
    ...(Object.keys(params).length > 0 ? { params } : {}),
    ...(retries ? { retryAfterSeconds: Number(retryAfterSeconds ?? DEFAULT_RETRY_AFTER_S) } : {}),
  };
}

/** The answer to everything nobody foresaw: says nothing about the inside. */
const UNEXPECTED: Fault = {
  status: 500,
  code: 'internal',
  detail:
    'The request could not be completed because of a fault on our side. Quote the correlation id when you report it.',
  unexpected: true,
};

/** What HTTP answers to any thrown value. */
export function faultOf(error: unknown): Fault {
  if (isDomainError(error)) return domainFault(error);
  const cause = error instanceof HttpException ? (error.cause ?? error) : error;
  if (isDomainError(cause)) return domainFault(cause);
  return databaseFault(cause) ?? frameworkFault(cause) ?? UNEXPECTED;
}

/** Builds the problem document of a fault for one request. */
export function problemOf(fault: Fault, request: Readonly<{ path: string; correlationId: string }>): Problem {
  return {
    type: `urn:steward:problem:${fault.code}`,
    title: STATUS_CODES[fault.status] ?? 'Error',
    status: fault.status,
    code: fault.code,
    detail: fault.detail,
    instance: request.path,
    correlationId: request.correlationId,
    ...(fault.errors ? { errors: fault.errors } : {}),
    ...(fault.params ? { params: fault.params } : {}),
  };
}
