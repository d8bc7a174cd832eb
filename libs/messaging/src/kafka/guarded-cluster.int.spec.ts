import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newId } from '@steward/kernel';
import type { KafkaConfig } from '@steward/platform';
import {
  ensureKafkaJars,
  eventually,
  makeTestCertificate,
  startKafka,
  type Kafka as Broker,
} from '@steward/testing';
import kafkajs from 'kafkajs';
import { reading } from '../../test/events.js';
import { KeepReading } from '../../test/handlers.js';
import { TOPICS, World } from '../../test/world.js';
import { createKafka, type Kafka } from './kafka.js';
import { refusalOf } from './refusal.js';

jest.setTimeout(120_000);

const PREFIX = 'steward.';
const certificate = makeTestCertificate(['127.0.0.1', 'localhost']);
const users = { steward: 'right-password', stranger: 'other-password' };
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

/** What an operator of a managed cluster gives the platform's user: its own prefix, nothing else. */
async function allowPrefix(brokers: string): Promise<void> {
  const admin = new kafkajs.Kafka({ brokers: [brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  const allowed = [AclResourceTypes.TOPIC, AclResourceTypes.GROUP].map((resourceType) => ({
    resourceType,
    resourceName: PREFIX,
    resourcePatternType: ResourcePatternTypes.PREFIXED,
    principal: 'User:steward',
    host: '*',
    operation: AclOperationTypes.ALL,
    permissionType: AclPermissionTypes.ALLOW,
  }));
  await admin.createAcls({ acl: allowed });
  await admin.disconnect();
}

describe('a cluster with TLS, SCRAM logins and ACLs', () => {
  let broker: Broker;
  const open: Kafka[] = [];
  const config = (changes: Partial<KafkaConfig> = {}): KafkaConfig => ({
    brokers: [broker.guarded!],
    topicPrefix: PREFIX,
    tls: { ca: certificate.cert },
    sasl: { mechanism: 'scram-sha-512', username: 'steward', password: users.steward },
    topics: { replicas: 1, minInSyncReplicas: 1 },
    ...changes,
  });
  const connect = (changes?: Partial<KafkaConfig>): Kafka => {
    const kafka = createKafka({ ...config(changes), clientId: 'spec' });
    open.push(kafka);
    return kafka;
  };
  const refused = async (changes: Partial<KafkaConfig>): Promise<string | undefined> =>
    connect(changes)
      .topics.ensure(TOPICS)
      .then(
        () => 'it was let in',
        (error: unknown) => refusalOf(error) ?? `no refusal: ${String(error)}`,
      );

  beforeAll(async () => {
    broker = await startKafka({
      dataDir: mkdtempSync(join(tmpdir(), 'steward-guarded-')),
      libDir: await ensureKafkaJars(),
      temporary: true,
      guarded: { certificate, users },
    });
    connect(); // mends the client, which the administrator's connection shares
    await allowPrefix(broker.brokers);
  });
  afterAll(async () => {
    for (const kafka of open) await kafka.close();
    await broker?.stop();
  });

  it('carries events from the outbox to a consumer', async () => {
    const world = await World.create([broker.guarded!], config());
    await world.kafka.topics.ensure(TOPICS);
    const meter = newId();
    const relay = world.relay();
    const consumer = world.consumer('guarded', [new KeepReading()]);
    for (let n = 1; n <= 5; n += 1) await world.append(reading(meter, n));
    await eventually(async () => (await world.effects('guarded')).length === 5, { timeoutMs: 60_000 });
    expect([relay.health().ok, consumer.health().ok]).toEqual([true, true]);
    await world.close();
  });

  it('is told apart when it refuses: password, certificate, rights', async () => {
    const sasl = { mechanism: 'scram-sha-512', username: 'steward' } as const;
    expect(await refused({ sasl: { ...sasl, password: 'wrong' } })).toMatch(
      /^Kafka refuses the login, see KAFKA_SASL_\*: /,
    );
    expect(await refused({ tls: {} })).toMatch(
      /^No encrypted connection to Kafka, see KAFKA_TLS and KAFKA_CA: /,
    );
    expect(await refused({ sasl: { ...sasl, username: 'stranger', password: users.stranger } })).toMatch(
      /^Kafka lets us in but does not allow it, see the ACLs of this user: /,
    );
    expect(await refused({ topicPrefix: 'foreign.' })).toMatch(/^Kafka lets us in but does not allow it/);
  });

  it('keeps a refused consumer alive and not ready, with the reason', async () => {
    const sasl = { mechanism: 'scram-sha-512', username: 'steward', password: 'wrong' } as const;
    const world = await World.create([broker.guarded!], config({ sasl }));
    const deaths: Error[] = [];
    const consumer = world.consumer('refused', [new KeepReading()], {
      onFatal: (error) => deaths.push(error),
    });
    await eventually(() => consumer.health().detail?.startsWith('restarting: Kafka refuses the login'));
    expect(consumer.health().ok).toBe(false);
    expect(deaths).toEqual([]);
    await world.close();
  });

  it('where topics are left to operators, names what is missing and how it has to be', async () => {
    const kafka = connect({
      topicPrefix: `${PREFIX}other.`,
      topics: { create: false, minInSyncReplicas: 2 },
    });
    await expect(kafka.topics.ensure([{ name: 'events.v1', kind: 'events' }])).rejects.toThrow(
      'steward.other.events.v1 (12 partitions, cleanup.policy=delete, retention.ms=-1, retention.bytes=-1, min.insync.replicas=2)',
    );
  });
});
