import { Writable } from 'node:stream';
import { createLogger } from '@steward/platform';
import { eventually } from '@steward/testing';
import { ApiClient } from '@steward/tools';
import { operationsOf, type Operation } from '../api-operations.js';
import { ServicesInOne } from '../services-in-one.js';

type Known = { id: string; version: number };

/** An operation as its service tells of it, and where that listens. */
export type Direct = Readonly<{ base: string; operation: Operation }>;

const HOURS = [{ from: '09:00', to: '18:00' }];
const WEEK = { 1: HOURS, 2: HOURS, 3: HOURS, 4: HOURS, 5: HOURS, 6: [], 7: [] };
const CALENDAR = { timeZone: 'Asia/Shanghai', week: WEEK, holidays: {}, makeUpDays: {} };
const ADMIN = 'hq.admin';
const SOON = { timeoutMs: 60_000, intervalMs: 200 };
const TICKET = { kind: 'complaint', channel: 'hotline', content: 'Noise at night.' };
const PRICE_ITEM = {
  code: 'tap-replace',
  name: 'Replace a tap',
  kind: 'labour',
  measure: 'piece',
  unitPrice: { amount: '80.00', currency: 'CNY' },
  validFrom: '2026-01-01',
};
/** With this key a ticket was registered before the bad requests begin. */
export const USED_KEY = 'bad-input-used-key';
const NOT_GRANTED = new Set(['hq-admin', 'general-manager', 'hq-auditor', 'customer']);

/**
 * The services behind a gateway without a rate limit worth speaking of, a branch with one record of every kind, and
 * for every operation a caller who may do it, so that what refuses is the input's fault.
 */
export class BadInputWorld {
  readonly errors: string[] = [];
  readonly ids: Record<string, string> = {};
  all!: ServicesInOne;
  operations: Operation[] = [];
  private readonly direct = new Map<string, Direct>();
  private readonly tokens = new Map<string, string>();

  static async start(): Promise<BadInputWorld> {
    const world = new BadInputWorld();
    world.all = await ServicesInOne.start({
      gateway: { RATE_LIMIT: '10000000' },
      loggerOf: (service) => world.logger(service),
    });
    await world.readDocuments();
    await world.makeRecords();
    return world;
  }

  /** Where an operation is answered without the gateway, and as what; null for the gateway's own. */
  directly({ method, path }: Operation): Direct | null {
    return this.direct.get(`${method} ${path}`) ?? null;
  }

  /** The token of somebody who may call the operation in the branch. */
  tokenFor(operation: Operation): string {
    const subject = this.subjectFor(operation);
    if (!this.tokens.has(subject)) this.tokens.set(subject, this.all.issuer.token(subject));
    return this.tokens.get(subject)!;
  }

  /** The id of an existing record for a parameter of an operation's path. */
  idFor({ path }: Operation, parameter: string): string {
    const named = parameter === 'id' ? path.split('/')[3]! : `${parameter.slice(0, -2)}s`;
    return this.ids[named] ?? '0198c0de-7d2a-7a51-9d3c-2f1b6c0a9e11';
  }

  stop(): Promise<void> {
    return this.all.stop();
  }

  private subjectFor({ roles }: Operation): string {
    if (roles.length === 0 || roles.includes('hq-admin')) return ADMIN;
    return `branch.${roles.find((role) => !NOT_GRANTED.has(role)) ?? roles[0]!}`;
  }

  private logger(service: string) {
    const destination = new Writable({
      write: (line: Buffer, _encoding, done) => {
        if (/"level":"(?:error|fatal)"/.test(line.toString())) this.errors.push(line.toString());
        done();
      },
    });
    return createLogger({ service, level: 'info', destination });
  }

  private async readDocuments(): Promise<void> {
    const documentOf = async (url: string): Promise<unknown> => (await fetch(`${url}/openapi.json`)).json();
    this.operations = operationsOf(await documentOf(this.all.url));
    for (const url of Object.values(this.all.urls)) {
      for (const operation of operationsOf(await documentOf(url)))
        this.direct.set(`${operation.method} ${operation.path}`, { base: url, operation });
    }
  }

  private async makeRecords(): Promise<void> {
    const api = new ApiClient(`${this.all.url}/api/v1`, this.all.issuer.token(ADMIN));
    const [group] = await eventually(() => api.all<Known>('/units'), SOON);
    const effectiveFrom = '2026-01-01T00:00:00.000Z';
    const hours = { name: 'Office hours', calendar: CALENDAR, effectiveFrom };
    const calendar = await api.post<Known>('/calendars', hours);
    const place = { timeZone: 'Asia/Shanghai', locale: 'zh-CN', calendarId: calendar.id };
    const region = { kind: 'region', parentId: group!.id, code: 'BR', name: 'Region' };
    const { id: parentId } = await api.post<Known>('/units', region);
    const branch = { kind: 'branch', parentId, code: 'BB1', name: 'Branch', ...place };
    const { id: branchId } = await api.post<Known>('/units', branch);
    Object.assign(this.ids, { calendars: calendar.id, units: branchId });
    await this.makePeople(api, branchId);
    const category = { branchId, code: 'noise', name: 'Noise', kind: 'complaint' };
    const { id: categoryId } = await eventually(() => api.post<Known>('/categories', category), SOON);
    this.ids['categories'] = categoryId;
    this.ids['tickets'] = await this.registerTicket(branchId);
    const price = { ...PRICE_ITEM, branchId };
    this.ids['price-items'] = (await api.post<Known>('/price-items', price)).id;
    this.ids['imports'] = await this.importTickets();
    await this.awaitRoles();
    this.ids['callbacks'] = await this.planCallback();
  }

  private async makePeople(api: ApiClient, unitId: string): Promise<void> {
    const subjects = new Set(this.operations.map((operation) => this.subjectFor(operation)));
    for (const subject of subjects.add('branch.engineer')) {
      if (subject === ADMIN) continue;
      const person = { subject, name: 'Somebody', homeUnitId: unitId };
      const { id } = await api.post<Known>('/employees', person);
      const role = subject.slice('branch.'.length);
      const grant = await api.post<Known>(`/employees/${id}/grants`, { role, unitId });
      Object.assign(this.ids, { employees: id, grants: grant.id });
    }
  }

  private async registerTicket(branchId: string): Promise<string> {
    return eventually(async () => {
      const answer = await fetch(`${this.all.url}/api/v1/tickets`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${this.all.issuer.token(ADMIN)}`,
          'content-type': 'application/json',
          'idempotency-key': USED_KEY,
        },
        body: JSON.stringify({ branchId, ...TICKET }),
      });
      return answer.status === 201 && ((await answer.json()) as Known).id;
    }, SOON);
  }

  private async planCallback(): Promise<string> {
    const { url, issuer } = this.all;
    const api = new ApiClient(`${url}/api/v1`, issuer.token('branch.cs-agent'));
    const dueAt = new Date(Date.now() + 86_400_000).toISOString();
    return (await api.post<Known>('/callbacks', { ticketId: this.ids['tickets'], dueAt })).id;
  }

  private async importTickets(): Promise<string> {
    const form = new FormData();
    form.append('branch', 'BB1');
    form.append('file', new Blob(['content,kind\n']), 'empty.csv');
    const headers = { authorization: `Bearer ${this.all.issuer.token(ADMIN)}` };
    const init = { method: 'POST', headers, body: form };
    const answer = await fetch(`${this.all.url}/api/v1/imports?kind=tickets`, init);
    if (answer.status !== 202) throw new Error(`the import was refused: ${await answer.text()}`);
    const { id } = (await answer.json()) as Known;
    await eventually(async () => {
      const job = await fetch(`${this.all.url}/api/v1/imports/${id}`, { headers });
      return ['done', 'failed'].includes(((await job.json()) as { state: string }).state);
    }, SOON);
    return id;
  }

  /** Every caller's role has arrived at every service that is going to ask for it. */
  private async awaitRoles(): Promise<void> {
    for (const operation of this.operations) {
      const url = this.directly(operation)?.base;
      if (!url || operation.access !== 'roles' || operation.method === 'get') continue;
      const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => this.idFor(operation, name));
      const authorization = `Bearer ${this.tokenFor(operation)}`;
      await eventually(async () => {
        const init = { method: operation.method.toUpperCase(), headers: { authorization }, body: '!' };
        return (await fetch(`${url}${path}`, init)).status !== 403;
      }, SOON);
    }
  }
}
