import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ensureKafkaJars, eventually, startKafka, type Kafka as Broker } from '@steward/testing';
import { createKafka, type Kafka } from './kafka.js';
import { refusalOf } from './refusal.js';

jest.setTimeout(120_000);

const PREFIX = 'steward.';
const READER = { user: 'outsider', topic: 'outsider.v1', groups: 'outsider.' };

describe('readers outside', () => {
  let broker: Broker;
  let own: Kafka;
  const open: Kafka[] = [];

  beforeAll(async () => {
    broker = await startKafka({
      dataDir: mkdtempSync(join(tmpdir(), 'steward-readers-')),
      libDir: await ensureKafkaJars(),
      temporary: true,
      guarded: {},
    });
    own = createKafka({ brokers: [broker.brokers], clientId: 'spec', topicPrefix: PREFIX });
    await own.topics.ensure(['outsider.v1', 'events.v1'].map((name) => ({ name, kind: 'events' })));
  });
  afterAll(async () => {
    for (const kafka of [...open, own]) await kafka?.close();
    await broker?.stop();
  });

  /** What a login of the guarded listener finds when it asks for a topic: nothing wrong, or why not. */
  const asked = (name: string, password: string): Promise<string | undefined> => {
    const sasl = { mechanism: 'scram-sha-512' as const, username: `${PREFIX}${READER.user}`, password };
    const kafka = createKafka({
      brokers: [broker.guarded!],
      clientId: 'outsider',
      topicPrefix: PREFIX,
      sasl,
    });
    open.push(kafka);
    return kafka.topics.partitionCounts([name]).then(
      () => undefined,
      (error: unknown) => refusalOf(error) ?? String(error),
    );
  };

  it('PTR-01 are let in with a password, to their own topic only, until they are expelled', async () => {
    expect(await own.readers.areControlled()).toBe(true);
    await own.readers.setPassword(READER.user, 'first');
    await eventually(async () => (await asked('outsider.v1', 'first'))?.includes('does not allow it'));
    await own.readers.allow(READER);
    await eventually(async () => (await asked('outsider.v1', 'first')) === undefined);
    expect(await asked('events.v1', 'first')).toMatch(/does not allow it/);
    await own.readers.setPassword(READER.user, 'second');
    await eventually(async () => (await asked('outsider.v1', 'second')) === undefined);
    await eventually(async () => (await asked('outsider.v1', 'first'))?.includes('refuses the login'));
    await own.readers.expel(READER.user);
    await eventually(async () => (await asked('outsider.v1', 'second'))?.includes('refuses the login'));
    await own.readers.expel(READER.user);
  });

  it('PTR-01 cannot be told apart by brokers without access control, which says so', async () => {
    const plain = createKafka({ brokers: [process.env['STEWARD_TEST_BROKERS']!], clientId: 'spec' });
    open.push(plain);
    expect(await plain.readers.areControlled()).toBe(false);
    await expect(plain.readers.allow(READER)).rejects.toThrow('Security features are disabled');
  });

  it('get a refusal of the brokers as an error', async () => {
    const nobody = createKafka({ brokers: [broker.brokers], clientId: 'spec' });
    open.push(nobody);
    await expect(nobody.readers.setPassword('', 'password')).rejects.toThrow('must not be empty');
  });
});
