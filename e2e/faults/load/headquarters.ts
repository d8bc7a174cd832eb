import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Choices } from '../choices.js';
import type { Commander, Reply } from './commander.js';

export const ADMINISTRATOR = 'hq.admin';
const THINKING_MS = 300;

/** Headquarters changes the organisation: sites, people and their roles come, change and go. */
export class Headquarters {
  /** tells this run's codes and logins from those of a run before it on the same data */
  private readonly run = randomBytes(3).toString('hex');
  private made = 0;

  constructor(
    private readonly commander: Commander,
    private readonly branchIds: readonly string[],
    private readonly choices: Choices,
  ) {}

  async work(goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      await this.site();
      await pause(this.choices.below(2 * THINKING_MS));
      if (goesOn()) await this.person();
      await pause(this.choices.below(2 * THINKING_MS));
    }
  }

  /** Adds a site to some branch. */
  registerSite(): Promise<Reply> {
    const code = this.name('S');
    return this.post('/units', { kind: 'site', parentId: this.branch(), code, name: `工地 ${code}` });
  }

  private async site(): Promise<void> {
    const { status, answer } = await this.registerSite();
    if (status !== 201) return;
    let version = answer.version!;
    const changes = [{ name: `新名 ${this.made}` }, { active: false }, { active: true }];
    for (const change of changes.slice(0, this.choices.below(4)))
      version = (await this.patch(`/units/${answer.id}`, version, change)).answer.version!;
  }

  private async person(): Promise<void> {
    const unitId = this.branch();
    const subject = this.name('p').toLowerCase();
    const body = { subject, name: `职员 ${subject}`, phone: '13900009999', homeUnitId: unitId };
    const { status, answer } = await this.post('/employees', body);
    if (status !== 201) return;
    const employee = `/employees/${answer.id}`;
    const role = this.choices.pick(['engineer', 'driver', 'cashier']);
    const grant = await this.post(`${employee}/grants`, { role, unitId });
    // a grant is a new version of the employee as well
    const renamed = await this.patch(employee, 2, { name: `改名 ${subject}` });
    let version = renamed.answer.version!;
    if (this.choices.below(2) === 0) {
      await this.post(`${employee}/grants/${grant.answer.id}/revocation`, { reason: '调岗' });
      version += 1;
    }
    if (this.choices.below(3) === 0)
      await this.post(`${employee}/erasure`, { reason: '离职满两年' }, version);
  }

  private post(path: string, body: unknown, version?: number): Promise<Reply> {
    const match = version === undefined ? {} : { version };
    return this.commander.send({ login: ADMINISTRATOR, method: 'POST', path, body, ...match });
  }

  private patch(path: string, version: number, body: unknown): Promise<Reply> {
    return this.commander.send({ login: ADMINISTRATOR, method: 'PATCH', path, body, version });
  }

  private branch(): string {
    return this.choices.pick(this.branchIds);
  }

  private name(kind: string): string {
    this.made += 1;
    return `${kind}-${this.run}-${this.made}`;
  }
}
