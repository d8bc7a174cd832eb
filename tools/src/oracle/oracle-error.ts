/** An oracle that cannot be asked; the message is for people. */
export class OracleError extends Error {
  override readonly name = 'OracleError';
}
