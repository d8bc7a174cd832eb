import { describe, expect, it } from '@jest/globals';
import { PARTNER_EVENTS, partnerAsyncApi, partnerSample } from './partner-events.js';

type Node = Record<string, Record<string, unknown>>;

describe('events for partners', () => {
  it('PTR-04 are an AsyncAPI 3 document with a schema and a valid example of each', () => {
    const document = partnerAsyncApi();
    expect(document['asyncapi']).toBe('3.0.0');
    const { messages, schemas } = document['components'] as Record<string, Node>;
    expect(Object.keys(messages!)).toEqual(PARTNER_EVENTS.map(({ type }) => type));
    expect(Object.keys(schemas!)).toEqual(PARTNER_EVENTS.map(({ type }) => type));
    for (const event of PARTNER_EVENTS) {
      const { data } = partnerSample(event);
      expect(event.parseStrict(data)).toEqual(data);
    }
  });

  it('leave out the platform’s own upkeep', () => {
    expect(PARTNER_EVENTS.map(({ name }) => name)).not.toContain('audit-head-sealed');
    expect(PARTNER_EVENTS.map(({ context }) => context)).not.toContain('partners');
  });
});
