/** A refusal, in the form of all of them. */
export const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

/** What any address behind the door may answer. */
export const problems = {
  401: problem('No access token, or one that is not valid here.'),
  429: problem('Too many requests; see Retry-After.'),
  503: problem('A part that is needed does not answer now; see Retry-After.'),
};

export const text = { type: 'string' } as const;

export const json = (schema: object) => ({ 'application/json': { schema } });
