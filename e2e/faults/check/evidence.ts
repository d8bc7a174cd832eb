import { API_SERVICE_NAMES, type ApiServiceName } from '@steward/tools';
import { readCommands, type Command } from '../ledger.js';
import type { PlatformUnderFault } from '../platform-under-fault.js';
import { readTopics, type TopicMessage } from './read-topics.js';

/** Something that is not as it must be, with the ids to look for and the place. */
export type Finding = Readonly<{ what: string; where: string }>;

/** What one check looked at. */
export type Checked = Readonly<{ name: string; rows: number; findings: readonly Finding[] }>;

/** Everything that checks compare: the commands, the topics, and every database by own SQL. */
export type Evidence = Readonly<{
  commands: readonly Command[];
  /** without what a fault put there */
  topics: ReadonlyMap<string, readonly TopicMessage[]>;
  /** topics that a fault emptied, and the service filled again from its history */
  emptied?: ReadonlySet<string>;
  /** aggregates that only messages of a fault name */
  planted?: ReadonlySet<string>;
  sql: PlatformUnderFault['sql'];
}>;

export type ContextService = ApiServiceName;

/** Services that own data, the topic of each, and who reads whose topic. */
export const CONTEXTS: readonly ContextService[] = API_SERVICE_NAMES;
export const PERSONS_TOPIC = 'organisation.persons.v1';
export const topicOf = (service: ContextService): string => `${service}.v1`;

export async function gatherEvidence(platform: PlatformUnderFault, ledgerFile: string): Promise<Evidence> {
  const { emptied, planted } = platform;
  const all = await readTopics(platform.brokers, [...CONTEXTS.map(topicOf), PERSONS_TOPIC]);
  const topics = new Map(
    [...all].map(([topic, list]) => [topic, list.filter(({ key }) => !planted.has(key))]),
  );
  const commands = await readCommands(ledgerFile);
  return {
    commands,
    topics,
    emptied,
    planted,
    sql: (service, text, values) => platform.sql(service, text, values),
  };
}

export const accepted = ({ status }: Command): boolean =>
  status !== undefined && status >= 200 && status < 300;

/** Compares what should be with what is, by key; says what is missing, too much, or different. */
export function compareByKey<T>(
  should: ReadonlyMap<string, T>,
  is: ReadonlyMap<string, T>,
  what: string,
  where: string,
): Finding[] {
  const findings: Finding[] = [];
  for (const [key, value] of should) {
    const found = is.get(key);
    if (found === undefined) findings.push({ what: `${what} ${key} is missing`, where });
    else if (found !== value)
      findings.push({ what: `${what} ${key} is ${String(found)}, should be ${String(value)}`, where });
  }
  for (const key of is.keys())
    if (!should.has(key)) findings.push({ what: `${what} ${key} should not be there`, where });
  return findings;
}

/** Groups a list by the key that each item gives. */
export function grouped<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
