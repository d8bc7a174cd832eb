import { z } from 'zod';
import type { ServiceClient } from '../proxy/service-client.js';
import { API_PREFIX } from '../routing/route-table.rules.js';
import { audienceOf, type Audience } from './visibility.rules.js';

const units = z.union([z.literal('*'), z.array(z.string())]);

const me = z.object({
  grants: z.array(z.object({ role: z.string(), level: z.string(), units, refs: units })),
});

/** What organisation says of a caller: its audience, that the token is no longer good, or nothing. */
export type CallerRights =
  | Readonly<{ kind: 'known'; audience: Audience }>
  | Readonly<{ kind: 'refused' }>
  | Readonly<{ kind: 'unknown' }>;

/** Asks organisation, with the caller's own token, what the caller may see now. */
export class CallerGrants {
  constructor(
    private readonly client: ServiceClient,
    private readonly timeoutMs: number,
  ) {}

  async of(authorization: string, correlationId: string): Promise<CallerRights> {
    const headers = { authorization, 'x-correlation-id': correlationId };
    const answer = await this.client.ask('organisation', `${API_PREFIX}/me`, {
      headers,
      timeoutMs: this.timeoutMs,
    });
    if (answer.kind === 'none') return { kind: 'unknown' };
    if (answer.status === 401 || answer.status === 403) return { kind: 'refused' };
    const parsed = answer.status === 200 ? me.safeParse(answer.body) : null;
    return parsed?.success
      ? { kind: 'known', audience: audienceOf(parsed.data.grants) }
      : { kind: 'unknown' };
  }
}
