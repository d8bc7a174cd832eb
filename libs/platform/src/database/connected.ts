/**
 * Waits for a first connection to PostgreSQL.
 * @throws Error that says in one sentence where and as whom we came, and why not further; never the password
 */
export async function connected<T>(url: string, connection: Promise<T>): Promise<T> {
  try {
    return await connection;
  } catch (cause) {
    const { host, pathname, username } = new URL(url);
    const reason =
      cause instanceof Error ? cause.message || (cause as { code?: string }).code : String(cause);
    throw new Error(
      `PostgreSQL at ${host}${pathname} does not let ${decodeURIComponent(username)} in: ${reason}`,
      { cause },
    );
  }
}
