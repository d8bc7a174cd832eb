import {
  CONTEXTS,
  compareByKey,
  grouped,
  topicOf,
  type Checked,
  type ContextService,
  type Evidence,
  type Finding,
} from './evidence.js';
import type { TopicMessage } from './read-topics.js';

type Row = {
  id: string;
  aggregateid: string;
  sequence: string;
  type: string;
  published: boolean;
  kafka_partition: number | null;
  kafka_offset: string | null;
};

/** Stored = published: every row of the history is in the topic under its id, in the order of its aggregate. */
export async function checkPublished(evidence: Evidence): Promise<Checked> {
  const findings: Finding[] = [];
  let rows = 0;
  for (const service of CONTEXTS) {
    const history = await evidence.sql<Row>(
      service,
      `select id, aggregateid, sequence, type, published_at is not null published, kafka_partition, kafka_offset
       from outbox order by pos`,
    );
    const messages = evidence.topics.get(topicOf(service))!;
    rows += history.length + messages.length;
    const emptied = evidence.emptied?.has(topicOf(service)) ?? false;
    findings.push(...gaplessHistory(service, history), ...inTopic(service, history, messages, emptied));
    findings.push(...repeatsAreEqual(service, messages), ...inOrder(service, messages, emptied));
  }
  return { name: 'stored = published, in order', rows, findings };
}

function gaplessHistory(service: ContextService, history: readonly Row[]): Finding[] {
  const where = `steward_${service}.outbox`;
  const findings = history
    .filter(({ published }) => !published)
    .map(({ id }) => ({ what: `event ${id} is not published`, where }));
  for (const [aggregate, rows] of grouped(history, ({ aggregateid }) => aggregateid)) {
    const sequences = rows.map(({ sequence }) => Number(sequence));
    if (!sequences.every((sequence, index) => sequence === index + 1))
      findings.push({ what: `aggregate ${aggregate} has sequences ${sequences.join(', ')}`, where });
  }
  return findings;
}

/** The same ids on both sides, and the place that a row names holds its event. */
function inTopic(
  service: ContextService,
  history: readonly Row[],
  messages: readonly TopicMessage[],
  emptied: boolean,
): Finding[] {
  const where = `topic ${topicOf(service)} against steward_${service}.outbox`;
  const should = new Map(history.map((row) => [row.id, `${row.aggregateid} ${row.sequence} ${row.type}`]));
  const is = new Map(
    messages.map(({ headers, key }) => [
      headers['ce_id']!,
      `${key} ${headers['ce_sequence']} ${headers['ce_type']}`,
    ]),
  );
  const findings = compareByKey(should, is, 'event', where);
  // the places of what was published before it was emptied are gone for good
  if (emptied) return findings;
  const places = new Map(messages.map((m) => [`${m.partition}/${m.offset}`, m.headers['ce_id']]));
  for (const { id, published, kafka_partition, kafka_offset } of history) {
    const place = `${kafka_partition}/${kafka_offset}`;
    if (published && Number(kafka_offset) >= 0 && places.get(place) !== id)
      findings.push({ what: `event ${id} is not at ${place}, where its row says`, where });
  }
  return findings;
}

/** A crash between publishing and marking repeats events: with the same id and the same bytes. */
function repeatsAreEqual(service: ContextService, messages: readonly TopicMessage[]): Finding[] {
  const findings: Finding[] = [];
  for (const [id, copies] of grouped(messages, ({ headers }) => headers['ce_id']!)) {
    const bytes = new Set(copies.map(({ key, value, headers }) => JSON.stringify([key, value, headers])));
    if (bytes.size > 1)
      findings.push({
        what: `event ${id} was published in ${bytes.size} forms`,
        where: `topic ${service}.v1`,
      });
  }
  return findings;
}

/**
 * Order means first occurrences: 1, 2, 3 … of each aggregate, all in one partition. What was published between the loss of
 * a topic and its refill begins anywhere.
 */
function inOrder(service: ContextService, messages: readonly TopicMessage[], emptied: boolean): Finding[] {
  const findings: Finding[] = [];
  const last = new Map<string, number>();
  const partitions = new Map<string, number>();
  const where = `topic ${topicOf(service)}`;
  for (const { key, partition, offset, headers } of messages) {
    const home = partitions.get(key) ?? partition;
    partitions.set(key, home);
    if (home !== partition)
      findings.push({ what: `aggregate ${key} lies in partitions ${home} and ${partition}`, where });
    const sequence = Number(headers['ce_sequence']);
    const reached = last.get(key) ?? (emptied ? sequence - 1 : 0);
    if (sequence > reached + 1)
      findings.push({
        what: `aggregate ${key} jumps from ${reached} to ${sequence}`,
        where: `${where}, partition ${partition}, offset ${offset}`,
      });
    last.set(key, Math.max(reached, sequence));
  }
  return findings;
}
