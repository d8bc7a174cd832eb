import { pbkdf2, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import type { Kafka as KafkaClient } from 'kafkajs';

type Encoder = {
  writeInt8(value: number): Encoder;
  writeInt32(value: number): Encoder;
  writeUVarInt(value: number): Encoder;
  writeUVarIntString(value: string): Encoder;
  writeUVarIntBytes(value: Buffer): Encoder;
  writeUVarIntArray(values: readonly Encoder[]): Encoder;
};
type Decoder = {
  readInt16(): number;
  readInt32(): number;
  readUVarIntString(): string | null;
  readUVarIntArray<T>(read: (decoder: Decoder) => T): T[];
  readTaggedFields(): unknown;
};
type Result = Readonly<{ user: string | null; code: number; message: string | null }>;
type Exchange = Readonly<{
  request: { apiKey: number; apiVersion: number; apiName: string; encode: () => Promise<Encoder> };
  response: { decode: (raw: Buffer) => Promise<Result[]>; parse: (results: Result[]) => Promise<Result[]> };
}>;
type Cluster = {
  connect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  findControllerBroker(): Promise<{ connectionPool: { send(exchange: Exchange): Promise<Result[]> } }>;
  disconnect(): Promise<void>;
};

/** AlterUserScramCredentials of Kafka's protocol; SCRAM-SHA-512 among its mechanisms; what it says of an unknown user. */
const API_KEY = 51;
const SHA_512 = 2;
const NO_SUCH_USER = 91;
const ITERATIONS = 8192;
const HASH_BYTES = 64;

const load = <T>(path: string): T => createRequire(import.meta.url)(`kafkajs/src/${path}.js`) as T;
const encoder = (): Encoder => new (load<new () => Encoder>('protocol/encoder'))();

/**
 * Gives a user a password for SCRAM-SHA-512; an older one does not count from then on. Only the salted hash is sent.
 * Throws the client's protocol error when the broker refuses.
 */
export async function setScramPassword(client: KafkaClient, user: string, password: string): Promise<void> {
  const salt = randomBytes(24);
  const salted = await promisify(pbkdf2)(password, salt, ITERATIONS, HASH_BYTES, 'sha512');
  const entry = encoder()
    .writeUVarIntString(user)
    .writeInt8(SHA_512)
    .writeInt32(ITERATIONS)
    .writeUVarIntBytes(salt)
    .writeUVarIntBytes(salted)
    .writeUVarInt(0);
  await exchange(client, [], [entry], []);
}

/** Takes a user's password away; nothing happens when there is none. Connections that are open stay so. */
export async function dropScramPassword(client: KafkaClient, user: string): Promise<void> {
  const entry = encoder().writeUVarIntString(user).writeInt8(SHA_512).writeUVarInt(0);
  await exchange(client, [entry], [], [NO_SUCH_USER]);
}

/**
 * kafkajs 2.2.4 has no call for users, but all that one is made of: connections that log in, an encoder, a decoder. None
 * of it is public, so a test against a broker guards it.
 */
async function exchange(
  client: KafkaClient,
  deletions: readonly Encoder[],
  upsertions: readonly Encoder[],
  passedOver: readonly number[],
): Promise<void> {
  const cluster = clusterOf(client);
  try {
    await cluster.connect();
    await cluster.refreshMetadata();
    const { connectionPool } = await cluster.findControllerBroker();
    await connectionPool.send({
      request: {
        apiKey: API_KEY,
        apiVersion: 0,
        apiName: 'AlterUserScramCredentials',
        // the first zero ends the header, the last one the body: no tagged fields
        encode: () =>
          Promise.resolve(
            encoder()
              .writeUVarInt(0)
              .writeUVarIntArray(deletions)
              .writeUVarIntArray(upsertions)
              .writeUVarInt(0),
          ),
      },
      response: {
        decode: (raw) => Promise.resolve(decode(raw)),
        parse: (results) => Promise.resolve(checked(results, passedOver)),
      },
    });
  } finally {
    await cluster.disconnect().catch(() => undefined);
  }
}

function decode(raw: Buffer): Result[] {
  const decoder = new (load<new (raw: Buffer) => Decoder>('protocol/decoder'))(raw);
  decoder.readTaggedFields();
  decoder.readInt32(); // throttle time
  return decoder.readUVarIntArray((row) => {
    const user = row.readUVarIntString();
    const result = { user, code: row.readInt16(), message: row.readUVarIntString() };
    row.readTaggedFields();
    return result;
  });
}

function checked(results: Result[], passedOver: readonly number[]): Result[] {
  const failed = results.find(({ code }) => code !== 0 && !passedOver.includes(code));
  if (!failed) return results;
  const { createErrorFromCode } = load<{ createErrorFromCode: (code: number) => Error }>('protocol/error');
  const error = createErrorFromCode(failed.code);
  if (failed.message) error.message += `: ${failed.message}`;
  throw error;
}

function clusterOf(client: KafkaClient): Cluster {
  const symbol = Object.getOwnPropertySymbols(client).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  );
  const make = symbol && (Reflect.get(client, symbol) as (options: object) => Cluster);
  if (!make) throw new Error('this version of kafkajs makes its clusters otherwise');
  return make({ metadataMaxAge: 60_000, allowAutoTopicCreation: false });
}
