import { ALL_PERSONAL, findEvent } from '@steward/contracts';
import type { KnownDefinition } from '../consumer/handler-table.js';
import type { HandlerClass } from '../consumer/handles.decorator.js';
import type { TopicSpec } from '../kafka/topics.js';

/** A consumer of a service: its name is its group, its positions and its guards, so it never changes. */
export type ConsumerSpec = Readonly<{
  name: string;
  /** Classes with `@Handles`; providers of any module of the service. */
  handlers: readonly HandlerClass[];
  /** The generation that serves, of a consumer whose read model can be rebuilt. */
  generation?: number;
  /** False when the service itself starts it, by `Rebuild`. */
  autoStart?: boolean;
}>;

export type MessagingOptions = Readonly<{
  service: string;
  /** The service's own topics; made when they are missing. A name alone gets the defaults of its kind. */
  topics: readonly (string | TopicSpec)[];
  consumers?: readonly ConsumerSpec[];
  /** Relays of this process, each with a connection and a share of the shards of its own; 1 by default. */
  relays?: number;
  /** Keys with parked events at which a consumer stops; 100 by default. */
  maxParkedKeys?: number;
  /** Transactions of each consumer at the same time while there is a backlog; 2 by default. */
  transactions?: number;
  /** A consumer died for good. By default an uncaught error, which ends the process by name and non-zero. */
  onFatal?: (error: Error) => void;
  /** Which definitions have a contract; those of the catalogue by default. */
  known?: KnownDefinition;
}>;

const personalTopics = new Set(ALL_PERSONAL.map(({ topic }) => topic));

/** The declared topics with the defaults of their kind. */
export const topicSpecs = (topics: MessagingOptions['topics']): TopicSpec[] =>
  topics.map((topic) =>
    typeof topic === 'string'
      ? { name: topic, kind: personalTopics.has(topic) ? 'personal' : 'events' }
      : topic,
  );

/** Whether the catalogue of contracts holds the definition. */
export const inCatalogue: KnownDefinition = (definition) =>
  definition.kind === 'event'
    ? findEvent(definition.type) !== undefined
    : personalTopics.has(definition.topic);
