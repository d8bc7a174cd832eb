import { ALL_EVENTS, ALL_PERSONAL } from './catalogue.js';
import type { EventDefinition, PersonalDefinition } from './definition.js';
import { headersExample, headersSchemas } from './headers-schema.js';
import { jsonSchemaOf } from './json-schema.js';

type Definition = EventDefinition | PersonalDefinition;
type Node = Record<string, unknown>;

const DESCRIPTION = [
  'Facts of the past, one topic per context, as CloudEvents 1.0 in binary mode. The key is the id of the aggregate, so',
  'the facts of one aggregate stay in order; `ce_sequence` counts them without gaps. Delivery is at least once;',
  '`ce_id` makes a repeat recognisable. Within a version only optional fields are added: pass over fields and types',
  'that you do not know. Personal values travel on compacted topics only, as the latest state per person.',
].join(' ');

/** The catalogue as an AsyncAPI 3.0 document (PTR-04): topics, messages, schemas and a valid example of each. */
export function asyncApi(): Node {
  const definitions: Definition[] = [...ALL_EVENTS, ...ALL_PERSONAL];
  const topics = byTopic(definitions);
  return {
    asyncapi: '3.0.0',
    info: { title: 'Steward events', version: '1.0.0', description: DESCRIPTION },
    defaultContentType: 'application/json',
    channels: keyed(
      [...topics],
      ([topic]) => topic,
      ([topic, members]) => channelOf(topic, members),
    ),
    operations: keyed(
      [...topics],
      ([topic]) => `publish.${topic}`,
      ([topic, members]) => operationOf(topic, members),
    ),
    components: {
      messages: keyed(definitions, (definition) => definition.type, messageOf),
      schemas: {
        ...headersSchemas(),
        ...keyed(definitions, (definition) => definition.type, schemaOf),
      },
    },
  };
}

function byTopic(definitions: Definition[]): Map<string, Definition[]> {
  const topics = new Map<string, Definition[]>();
  for (const definition of definitions) {
    topics.set(definition.topic, [...(topics.get(definition.topic) ?? []), definition]);
  }
  return topics;
}

function channelOf(topic: string, members: Definition[]): Node {
  const personal = members.some(({ kind }) => kind === 'personal');
  return {
    address: topic,
    title: personal ? `Personal values: ${topic}` : `Facts of the context ${members[0]?.context}`,
    description: personal
      ? 'Compacted: the latest record per key; a message without value is a tombstone and means erased.'
      : 'Kept as history; keyed by aggregate id.',
    messages: keyed(
      members,
      ({ type }) => type,
      ({ type }) => ({ $ref: `#/components/messages/${type}` }),
    ),
    bindings: {
      kafka: {
        topic,
        ...(personal && { topicConfiguration: { 'cleanup.policy': ['compact'] } }),
        bindingVersion: '0.5.0',
      },
    },
  };
}

function operationOf(topic: string, members: Definition[]): Node {
  return {
    action: 'send',
    channel: { $ref: `#/channels/${topic}` },
    summary: `The service ${members[0]?.context} publishes to ${topic}`,
    messages: members.map(({ type }) => ({ $ref: `#/channels/${topic}/messages/${type}` })),
  };
}

function messageOf(definition: Definition): Node {
  const { type, title, description, sample } = definition;
  const key = definition.kind === 'event' ? `id of the ${definition.aggregate}` : definition.key;
  const example = definition.kind === 'event' ? { headers: headersExample(definition) } : {};
  return {
    name: type,
    title,
    summary: title,
    description,
    contentType: 'application/json',
    ...(definition.kind === 'event' && {
      headers: { $ref: `#/components/schemas/headers.${definition.scope}` },
    }),
    payload: { $ref: `#/components/schemas/${type}` },
    bindings: { kafka: { key: { type: 'string', description: key }, bindingVersion: '0.5.0' } },
    examples: [{ name: 'sample', summary: title, ...example, payload: sample }],
  };
}

function schemaOf(definition: Definition): Node {
  const { $schema: _dialect, ...schema } = jsonSchemaOf(definition);
  return { title: definition.title, ...schema };
}

function keyed<T>(
  items: readonly T[],
  key: (item: T) => string,
  value: (item: T) => Node,
): Record<string, Node> {
  return Object.fromEntries(items.map((item) => [key(item), value(item)]));
}
