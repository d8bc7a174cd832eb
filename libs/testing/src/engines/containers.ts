import { eventually } from '../eventually.js';
import { freePort } from '../free-port.js';
import type { Engines } from './engines.js';
import { findCoordinator } from './find-coordinator.js';

const POSTGRES_IMAGE = 'postgres:18';
const KAFKA_IMAGE = 'apache/kafka:4.1.0';
const PASSWORD = 'tests-only';

/**
 * Starts the same engines as containers, through Testcontainers; their reaper removes them when this process is killed.
 * @throws Error when there is no container runtime
 */
export async function startContainers(): Promise<Engines> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const kafkaPort = await freePort();
  const postgres = new GenericContainer(POSTGRES_IMAGE)
    .withEnvironment({ POSTGRES_PASSWORD: PASSWORD })
    .withCommand(['postgres', '-c', 'fsync=off', '-c', 'max_connections=300'])
    .withExposedPorts(5432)
    .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, 2))
    .start();
  // a broker tells clients its own address, so its outside port must be known before it starts
  const kafka = new GenericContainer(KAFKA_IMAGE)
    .withEnvironment(kafkaEnvironment(kafkaPort))
    .withExposedPorts({ container: 9092, host: kafkaPort })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
    .start();
  const [database, broker] = await Promise.all([postgres, kafka]);
  await eventually(() => findCoordinator(broker.getHost(), kafkaPort), { timeoutMs: 60_000 });
  return {
    adminUrl: `postgres://postgres:${PASSWORD}@${database.getHost()}:${database.getMappedPort(5432)}/postgres`,
    brokers: `${broker.getHost()}:${kafkaPort}`,
    async stop() {
      await Promise.all([database.stop(), broker.stop()]);
    },
  };
}

function kafkaEnvironment(port: number): Record<string, string> {
  return {
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_NODE_ID: '1',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://localhost:${port}`,
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
    KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: '1',
  };
}
