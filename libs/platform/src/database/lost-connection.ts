// The drivers tell of a lost or unavailable connection with a sentence only. The last is TypeORM's: it takes a runner
// back when its connection dies, and whoever still works with it hears nothing else.
const SENTENCES =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout|Client was closed|Driver not Connected|Query runner already released)/;

/** Whether an error of the database's drivers says that the connection is lost or cannot be had; a repeat may succeed. */
export const saysConnectionLost = (error: Error): boolean => SENTENCES.test(error.message);
