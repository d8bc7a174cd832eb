/** A stored file: bytes by position. `read` gives fewer bytes than asked for at the end only. */
export type ByteSource = Readonly<{
  size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}>;

/** Bytes in memory as a source. */
export const bytesSource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
});

/** How much is read at a time. */
export const READ_BYTES = 1024 * 1024;
