import {
  CONTEXTS,
  compareByKey,
  topicOf,
  type Checked,
  type ContextService,
  type Evidence,
  type Finding,
} from './evidence.js';

type Reader = Readonly<{ service: ContextService; consumer: string; from: readonly ContextService[] }>;

/** Who reads what: the consumer's key in its own database, and the services whose events it reads. */
export const READERS: readonly Reader[] = [
  ...CONTEXTS.map((service): Reader => ({
    service,
    consumer: `${service}-directory`,
    from: ['organisation', 'insights'],
  })),
  { service: 'insights', consumer: 'insights-tickets.g1', from: ['tickets', 'billing'] },
];

/** Published = consumed: each reader has come as far in each aggregate as the topic goes, and nothing is set aside. */
export async function checkConsumed({ sql, topics, planted = new Set() }: Evidence): Promise<Checked> {
  const findings: Finding[] = [];
  let rows = 0;
  for (const { service, consumer, from } of READERS) {
    const messages = from.flatMap((owner) => topics.get(topicOf(owner))!);
    const should = new Map<string, number>();
    for (const { key, headers } of messages)
      should.set(key, Math.max(should.get(key) ?? 0, Number(headers['ce_sequence'])));
    const applied = await sql<{ aggregate_id: string; sequence: string }>(
      service,
      'select aggregate_id, sequence from applied_sequence where consumer = $1',
      [consumer],
    );
    const own = applied.filter(({ aggregate_id }) => !planted.has(aggregate_id));
    const is = new Map(own.map((row) => [row.aggregate_id, Number(row.sequence)]));
    findings.push(
      ...compareByKey(should, is, `${consumer}: aggregate`, `steward_${service}.applied_sequence`),
    );
    const inbox = await sql<{ event_id: string }>(service, 'select event_id from inbox where consumer = $1', [
      consumer,
    ]);
    const known = new Set(messages.map(({ headers }) => headers['ce_id']));
    for (const { event_id } of inbox)
      if (!known.has(event_id))
        findings.push({ what: `${consumer} applied ${event_id}, which no topic has`, where: 'inbox' });
    rows += applied.length + inbox.length;
  }
  findings.push(...(await setAside(sql)));
  return { name: 'published = consumed', rows, findings };
}

async function setAside(sql: Evidence['sql']): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const service of CONTEXTS) {
    const parked = await sql<{ id: string; key: string; code: string; reason: string }>(
      service,
      'select id, key, code, reason from parked_event',
    );
    for (const { id, key, code, reason } of parked)
      findings.push({
        what: `${id} of ${key} is parked: ${code}, ${reason}`,
        where: `steward_${service}.parked_event`,
      });
    const waiting = await sql<{ event_id: string }>(service, 'select event_id from waiting_fact');
    for (const { event_id } of waiting)
      findings.push({ what: `${event_id} still waits`, where: `steward_${service}.waiting_fact` });
  }
  return findings;
}
