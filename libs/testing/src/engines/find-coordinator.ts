import { connect } from 'node:net';

const FIND_COORDINATOR = 10;

/**
 * Asks a broker for the coordinator of some consumer group (Kafka protocol, FindCoordinator version 1) and answers
 * whether it named one. The question itself makes a fresh broker create its topic of offsets, which otherwise costs
 * the first real group seconds. Written out here so that an engine starts before any client library is loaded.
 */
export function findCoordinator(host: string, port: number, timeoutMs = 5_000): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the broker closed the connection')));
    socket.once('connect', () => socket.write(request('steward-start')));
    let answer = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      answer = Buffer.concat([answer, chunk]);
      if (answer.length < 14) return;
      resolve(errorCode(answer) === 0);
      socket.destroy();
    });
  });
}

function request(group: string): Buffer {
  const name = Buffer.from(group);
  const text = Buffer.concat([int16(name.length), name]);
  const keyType = Buffer.from([0]);
  const body = Buffer.concat([int16(FIND_COORDINATOR), int16(1), int32(1), text, text, keyType]);
  return Buffer.concat([int32(body.length), body]);
}

/** After size (4), correlation id (4) and throttle time (4). */
const errorCode = (answer: Buffer) => answer.readInt16BE(12);

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}
