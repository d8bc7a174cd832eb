import { STATUS_CODES } from 'node:http';
import { z } from 'zod';

const fieldProblem = z.object({
  path: z.string().meta({
    description: 'Dotted path of the field, empty for the whole body',
    examples: ['items.0.amount'],
  }),
  code: z.string().meta({ examples: ['too-small'] }),
  detail: z.string().meta({ examples: ['Too small: expected number to be >0'] }),
});

/** The schema of every error answer (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string().meta({ examples: ['urn:steward:problem:ticket.already-closed'] }),
    title: z.string().meta({ examples: ['Conflict'] }),
    status: z.int().meta({ examples: [409] }),
    code: z.string().meta({ description: 'Stable slug to decide by', examples: ['ticket.already-closed'] }),
    detail: z.string().meta({ description: 'A sentence for people', examples: ['The ticket is closed.'] }),
    instance: z.string().meta({ examples: ['/api/v1/tickets/0198c0de-0000-7000-8000-000000000001'] }),
    correlationId: z.string().meta({ description: 'Names the request in the logs' }),
    errors: z.array(fieldProblem).optional(),
    params: z.record(z.string(), z.unknown()).optional().meta({ description: 'Values named in the detail' }),
  })
  .meta({ id: 'Problem' });

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'The request is malformed; `errors` names the fields.',
  401: 'No access token, or one that is not valid here.',
  403: 'None of the caller’s roles allows this.',
  404: 'There is no such record in the caller’s scope.',
  409: 'The present state does not allow this.',
  412: 'The record was changed since the version in If-Match.',
  413: 'The body is too large.',
  415: 'The body is of another media type.',
  422: 'Well formed, but it cannot be done as asked.',
  428: 'If-Match is missing.',
  429: 'Too many requests; see Retry-After.',
  500: 'A fault on our side.',
  503: 'A part that is needed does not answer now; see Retry-After.',
};

const RETRIES = new Set([429, 503]);

/** The key under which the answer of a status stands in `components.responses`. */
export const problemKey = (status: number): string => `Problem${status}`;

/** `components.responses`: one problem answer per status. */
export function problemResponses(): Record<string, object> {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  const headers = {
    'Retry-After': {
      description: 'Seconds to wait before the next try',
      schema: { type: 'integer', minimum: 0 },
    },
  };
  return Object.fromEntries(
    Object.entries(DESCRIPTIONS).map(([status, description]) => [
      problemKey(Number(status)),
      {
        description: `${STATUS_CODES[status]}: ${description}`,
        ...(RETRIES.has(Number(status)) ? { headers } : {}),
        content,
      },
    ]),
  );
}
