import { logLevel, type logCreator } from 'kafkajs';
import type { Log } from '../log.js';

// Fields of the client's entries that are safe and useful; everything else may hold keys or bodies and is left out.
const KEPT = [
  'groupId',
  'memberId',
  'topic',
  'partition',
  'broker',
  'clientId',
  'retryCount',
  'retryTime',
  'error',
] as const;

// The client reports as errors what it then retries by itself; what it gives up on reaches us as a thrown error.
const WRITE: Readonly<Record<number, 'info' | 'debug'>> = {
  [logLevel.ERROR]: 'info',
  [logLevel.WARN]: 'debug',
};

/** Makes the Kafka client write to our log, two levels lower than it asks for, and without payloads. */
export function kafkaLog(log: Log): logCreator {
  return () =>
    ({ namespace, level, log: entry }) => {
      const write = WRITE[level];
      if (!write) return;
      const fields: Record<string, unknown> = { part: `kafkajs ${namespace}`.trim() };
      for (const name of KEPT) {
        const value: unknown = entry[name];
        if (typeof value === 'string' || typeof value === 'number') fields[name] = value;
      }
      log[write](fields, entry.message);
    };
}
