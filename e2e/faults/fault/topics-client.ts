import kafkajs from 'kafkajs';

/** A plain client of the broker, for what faults do to topics and groups; says nothing. */
export const brokerClient = (brokers: string, clientId: string): kafkajs.Kafka =>
  new kafkajs.Kafka({ brokers: brokers.split(','), clientId, logLevel: kafkajs.logLevel.NOTHING });

/** Runs `work` with an administrator's connection. */
export async function asAdmin<T>(
  client: kafkajs.Kafka,
  work: (admin: kafkajs.Admin) => Promise<T>,
): Promise<T> {
  const admin = client.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
