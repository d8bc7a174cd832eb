import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';

/** The text of a secret as Standard Webhooks writes it. */
export const secretText = (key: Buffer): string => PREFIX + key.toString('base64');

/** The value of `webhook-signature`: one `v1` signature by each live secret, so that either verifies (Standard Webhooks). */
export function signatures(keys: readonly Buffer[], id: string, timestamp: number, body: string): string {
  const content = `${id}.${timestamp}.${body}`;
  return keys.map((key) => `v1,${createHmac('sha256', key).update(content).digest('base64')}`).join(' ');
}
