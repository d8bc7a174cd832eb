import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { asyncApi } from './asyncapi.js';
import { cataloguePage } from './catalogue-page.js';
import { ALL_EVENTS, ALL_PERSONAL } from './catalogue.js';

type Message = {
  payload: { $ref: string };
  headers?: { $ref: string };
  examples: { headers?: unknown; payload: unknown }[];
};
type Document = {
  asyncapi: string;
  channels: Record<string, { address: string; messages: Record<string, { $ref: string }> }>;
  operations: Record<string, { action: string; channel: { $ref: string }; messages: { $ref: string }[] }>;
  components: { messages: Record<string, Message>; schemas: Record<string, object> };
};

const document = JSON.parse(JSON.stringify(asyncApi())) as Document;
const DOCS = join(import.meta.dirname, '../../../docs/events');

function at(ref: string): unknown {
  return ref
    .slice('#/'.length)
    .split('/')
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
}

function refsIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, inner]) => (key === '$ref' ? [inner as string] : refsIn(inner)));
}

describe('PTR-04 the AsyncAPI document', () => {
  it('is AsyncAPI 3.0 with a channel per topic and a message per event', () => {
    expect(document.asyncapi).toBe('3.0.0');
    const topics = new Set([...ALL_EVENTS, ...ALL_PERSONAL].map(({ topic }) => topic));
    expect(Object.keys(document.channels)).toEqual([...topics]);
    expect([...topics]).toEqual(expect.arrayContaining(['tickets.v1', 'organisation.persons.v1']));
    for (const { type, topic } of [...ALL_EVENTS, ...ALL_PERSONAL]) {
      expect(Object.keys(document.channels[topic]?.messages ?? {})).toContain(type);
      expect(document.components.messages[type]).toBeDefined();
    }
  });

  it('refers only to what it holds', () => {
    const refs = refsIn(document);
    expect(refs.length).toBeGreaterThan(60);
    expect(refs.filter((ref) => at(ref) === undefined)).toEqual([]);
  });

  it('has a send operation for every channel with all its messages', () => {
    const sent = Object.values(document.operations).map(({ action, channel, messages }) => [
      action,
      channel.$ref,
      messages.length,
    ]);
    const channels = Object.entries(document.channels);
    expect(sent).toEqual(
      channels.map(([topic, { messages }]) => ['send', `#/channels/${topic}`, Object.keys(messages).length]),
    );
  });

  it.each(Object.entries(document.components.messages))(
    '%s has an example that its own schemas accept',
    (_type, message) => {
      const [example] = message.examples;
      const accepts = (ref: string, value: unknown) =>
        z.fromJSONSchema(at(ref) as z.core.JSONSchema.JSONSchema).safeParse(value).error?.issues;
      expect(accepts(message.payload.$ref, example?.payload)).toBeUndefined();
      if (message.headers !== undefined)
        expect(accepts(message.headers.$ref, example?.headers)).toBeUndefined();
    },
  );

  it('is committed as it is (else run: node libs/contracts/scripts/release.mjs)', () => {
    expect(JSON.parse(readFileSync(join(DOCS, 'asyncapi.json'), 'utf8'))).toEqual(document);
  });
});

describe('PTR-04 the catalogue page', () => {
  const page = cataloguePage();

  it.each([...ALL_EVENTS, ...ALL_PERSONAL].map(({ type, sample }) => [type, sample] as const))(
    'shows %s with its sample',
    (type, sample) => {
      expect(page).toContain(`\`${type}\``);
      expect(page).toContain(`### ${type}\n\n\`\`\`json\n${JSON.stringify(sample, null, 2)}`);
    },
  );
});
