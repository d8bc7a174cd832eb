// The drivers tell of a lost or unavailable connection with a sentence only. The last is TypeORM's: it takes a runner
// back when its connection dies, and whoever still works with it hears nothing else.
const SENTENCES =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout|Client was closed|Driver not Connected|Query runner already released)/;

const SOCKET = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']);

/** Whether an error of the database's drivers or their sockets says that the connection is lost or cannot be had; a repeat may succeed. */
export function saysConnectionLost(error: Error & { code?: unknown; syscall?: unknown }): boolean {
  const { code, syscall, message } = error;
  return SENTENCES.test(message) || (typeof code === 'string' && SOCKET.has(code) && syscall !== undefined);
}

// Lost connections, a login that is refused (nobody's statement is to blame for it), conflicts between transactions,
// exhausted resources, stopped or cancelled statements, locks, a server that only reads for now.
const TRANSIENT_STATES = /^(?:(?:08|28|40|53|57)...|55P03|25P03|25006)$/;

/** Whether an SQLSTATE of PostgreSQL says that the same work may succeed a moment later without anybody's help. */
export const isTransientState = (state: string): boolean => TRANSIENT_STATES.test(state);
