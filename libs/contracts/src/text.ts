/** Text of a Kafka header or value; most clients hand over Buffers. */
export function textOf(value: Uint8Array | string): string {
  if (typeof value === 'string') return value;
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8');
}
