import { Injectable } from '@nestjs/common';
import { Directory } from '@steward/directory';
import { GROUP_SCOPE, WorkerDatabase } from '@steward/platform';
import { partnerIdOf } from '../log/partner-event.js';
import { PARTNER_ROLE, type Granted, type Reach } from '../log/reduce.rules.js';
import { GrantRepository } from './grant.repository.js';

/** Milliseconds for which what was read counts: the most that a change by another copy stays unseen. */
const FRESH_MS = 300;

/** What a partner may have at this moment. */
@Injectable()
export class GrantBook {
  private readonly known = new Map<string, { granted: Promise<Granted>; until: number }>();

  constructor(
    private readonly database: WorkerDatabase,
    private readonly repository: GrantRepository,
    private readonly directory: Directory,
  ) {}

  /** Grants of headquarters within the units where organisation lets the client be a partner. */
  async of(client: string): Promise<Granted> {
    const id = partnerIdOf(client);
    const now = performance.now();
    const kept = this.known.get(id);
    if (kept && now < kept.until) return kept.granted;
    const granted = this.read(client, id);
    this.known.set(id, { granted, until: now + FRESH_MS });
    granted.catch(() => this.forget(id));
    return granted;
  }

  /** To be called after the commit of a change. */
  forget(partnerId: string): void {
    this.known.delete(partnerId);
  }

  private async read(client: string, partnerId: string): Promise<Granted> {
    const { grants, now } = await this.database.read(GROUP_SCOPE, async (tx) => ({
      grants: await this.repository.activeOf(tx, partnerId),
      // What is not granted is passed over for good: this copy's own clock, which may be wrong, must not decide that.
      now: await this.repository.now(tx),
    }));
    const bindings = await this.directory.grantsOf(client, now);
    const held = bindings.filter(({ role }) => role === PARTNER_ROLE).map(({ units }) => units);
    const reach: Reach = held.includes('*') ? '*' : [...new Set(held.flatMap((units) => units as string[]))];
    return { grants, reach };
  }
}
