const SEED = 0x9747b28c;
const M = 0x5bd1e995;
const R = 24;

/** Murmur2 of a key's UTF-8 bytes as Kafka's own clients calculate it, in 32-bit integers. */
export function murmur2(key: string): number {
  const data = Buffer.from(key);
  const whole = data.length & ~3;
  let hash = (SEED ^ data.length) | 0;
  for (let i = 0; i < whole; i += 4) {
    let part = Math.imul(data.readInt32LE(i), M);
    part = Math.imul(part ^ (part >>> R), M);
    hash = Math.imul(hash, M) ^ part;
  }
  const rest = data.length - whole;
  if (rest > 2) hash ^= data[whole + 2]! << 16;
  if (rest > 1) hash ^= data[whole + 1]! << 8;
  if (rest > 0) hash = Math.imul(hash ^ data[whole]!, M);
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}

/** The partition of a key: the same whoever publishes it, in whatever language. */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}
