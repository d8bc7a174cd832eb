import type { PreparedStatement } from '@steward/platform';

/** A consumer process is asked to apply everything that the topic holds, as a consumer that never ran before. */
export type RunOrder = Readonly<{ consumer: string; messages: number }>;

/** What it then tells: from its first batch to its last commit. */
export type RunOutcome = Readonly<{ operations: number; seconds: number }>;

/** What both consumer processes are told, in the file that `CONSUMER_SETTINGS` names. */
export type ConsumerSettings = Readonly<{
  brokers: string;
  databaseUrl: string;
  topic: string;
  poolSize: number;
  concurrency: number;
  /** the statement that sets the scope of all branches */
  scope: string;
  /** statements of the guards as ours sends them, for the baseline */
  statements: Readonly<{ read: PreparedStatement; keep: PreparedStatement }>;
}>;
