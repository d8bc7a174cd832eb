import { randomInt } from 'node:crypto';
import { eventually } from '@steward/testing';
import { API_SERVICE_NAMES, signInPerson } from '@steward/tools';
import type { Load } from './load/load.js';
import { ADMINISTRATOR } from './load/headquarters.js';
import { PASSWORD, type PlatformUnderFault, type Role } from './platform-under-fault.js';

/** Generous: a busy machine is slow, not broken. */
const LIMIT_MS = 180_000;
const SOON = { timeoutMs: LIMIT_MS, intervalMs: 50 };

/**
 * Whether a role works again, seen from outside: not that it says so, but that something only it can do has been done.
 * Each look is a command of its own, in the ledger like all others.
 */
export class WorkingAgain {
  constructor(
    private readonly platform: PlatformUnderFault,
    private readonly load: Load,
  ) {}

  /** Resolves when the role has done its work; throws with what is still missing after three minutes. */
  async seen(role: Role): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, fail) => {
      const missing = new Error(`${role} was not seen working within ${LIMIT_MS / 1000} s`);
      timer = setTimeout(() => fail(missing), LIMIT_MS);
    });
    try {
      await Promise.race([this.look(role), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private look(role: Role): Promise<unknown> {
    switch (role) {
      case 'gateway':
        return this.passes();
      case 'identity':
        return this.issues();
      case 'organisation':
        return this.changes();
      case 'accounts':
        return this.meets();
      case 'premises':
        return this.builds();
      case 'billing':
        return this.books();
      case 'partners':
        return this.tells();
      case 'tickets':
        return this.takesIn();
      case 'insights':
        return this.counts();
      case 'database':
        return Promise.all([this.issues(), this.changes(), this.counts()]);
      case 'broker':
        return Promise.all([this.copies(), this.counts()]);
      default:
        // a service that no fault is meant for yet
        throw new Error(`say here what only ${String(role)} can do`);
    }
  }

  private passes(): Promise<unknown> {
    return this.load.commander.get(ADMINISTRATOR, '/me');
  }

  private issues(): Promise<unknown> {
    const { issuer } = this.platform;
    return eventually(() => signInPerson({ issuer, login: 'eb1.clerk', password: PASSWORD }), SOON);
  }

  /** A command of organisation is answered and its event published; gives the new unit. */
  private async changes(): Promise<string> {
    const { answer, status } = await this.load.headquarters.registerSite();
    if (status !== 201) throw new Error(`a site was refused with ${status}`);
    await this.published('organisation', answer.id!);
    return answer.id!;
  }

  /** A customer is registered and published. */
  private async meets(): Promise<void> {
    const [desk] = this.load.desks;
    const body = { branchId: desk!.branchId, kind: 'person', name: `客户${randomInt(1e9)}` };
    await this.registered('accounts', desk!.clerk, '/customers', body);
  }

  /** A building is registered and published. */
  private async builds(): Promise<void> {
    const [desk] = this.load.desks;
    const body = { siteId: desk!.siteId, code: `B${randomInt(1e9)}`, name: '新楼' };
    await this.registered('premises', desk!.manager, '/buildings', body);
  }

  /** A payment is booked and published. */
  async books(): Promise<string> {
    const { countingHouse } = this.load;
    const [account] = await eventually(async () => {
      const accounts = await countingHouse.accounts();
      return accounts.length > 0 ? accounts : false;
    }, SOON);
    const { answer, status } = await countingHouse.pay(account!);
    if (status >= 300) throw new Error(`a payment was refused with ${status}`);
    await this.published('billing', answer.id!);
    return answer.id!;
  }

  /** A payment that is booked now comes to the partner. */
  private async tells(): Promise<void> {
    const payment = await this.books();
    const { deliveries } = this.load.receiver;
    await eventually(() => deliveries.some(({ event }) => event.aggregateId === payment), SOON);
  }

  private async registered(service: string, login: string, path: string, body: object): Promise<void> {
    const { answer, status } = await this.load.commander.send({ login, method: 'POST', path, body });
    if (status !== 201) throw new Error(`POST ${path} was refused with ${status}`);
    await this.published(service, answer.id!);
  }

  /** A ticket is answered and its event published; gives the new ticket. */
  private async takesIn(): Promise<string> {
    const [desk] = this.load.desks;
    const { answer, status } = await this.load.commander.send({
      login: desk!.clerk,
      method: 'POST',
      path: '/tickets',
      body: { branchId: desk!.branchId, kind: 'inquiry', channel: 'hotline', content: '还在吗？' },
    });
    if (status !== 201) throw new Error(`a ticket was refused with ${status}`);
    await this.published('tickets', answer.id!);
    return answer.id!;
  }

  /** A ticket taken in now is counted by insights, and headquarters' figures are given out. */
  private async counts(): Promise<void> {
    const ticket = await this.takesIn();
    await this.eventuallyIn('insights', 'select from ticket_fact where ticket_id = $1', ticket);
    await this.load.commander.get(ADMINISTRATOR, '/figures/tickets?by=branch');
  }

  /** A unit registered now arrives in everybody's copy. */
  private async copies(): Promise<void> {
    const unit = await this.changes();
    for (const service of API_SERVICE_NAMES)
      await this.eventuallyIn(service, 'select from directory_unit where id = $1', unit);
  }

  private published(service: string, aggregate: string): Promise<unknown> {
    const sql = 'select from outbox where aggregateid = $1 and published_at is not null';
    return this.eventuallyIn(service, sql, aggregate);
  }

  private eventuallyIn(service: string, sql: string, id: string): Promise<unknown> {
    return eventually(async () => (await this.platform.sql(service, sql, [id])).length > 0, SOON);
  }
}
