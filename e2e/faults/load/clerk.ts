import { setTimeout as pause } from 'node:timers/promises';
import type { Choices } from '../choices.js';
import type { Answer } from '../ledger.js';
import type { Commander, Reply, Wish } from './commander.js';

/** The people and lists of one branch that its work needs. */
export type Desk = Readonly<{
  code: string;
  branchId: string;
  siteId: string;
  clerk: string;
  manager: string;
  /** employees who may be put in charge */
  workers: readonly string[];
  categories: readonly string[];
}>;

type Step =
  'classify' | 'assign' | 'start' | 'pause' | 'resume' | 'complete' | 'reopen' | 'cancel' | 'nothing';

/** What may happen to a ticket that customer service took in and filed. */
const JOURNEYS: readonly (readonly Step[])[] = [
  ['nothing'],
  ['assign', 'start', 'complete'],
  ['assign', 'start', 'pause', 'resume', 'complete'],
  ['pause', 'resume', 'assign', 'start', 'complete', 'reopen', 'assign', 'start', 'complete'],
  ['classify', 'assign', 'pause', 'resume', 'start'],
  ['assign', 'start', 'complete', 'reopen', 'complete', 'reopen'],
  ['assign', 'cancel'],
];

const MONTH_MS = 30 * 86_400_000;
const THINKING_MS = 150;

/** A clerk takes tickets in and sees each through, one command after another. */
export class Clerk {
  constructor(
    private readonly desk: Desk,
    private readonly commander: Commander,
    private readonly choices: Choices,
  ) {}

  /** Works until told to stop, and ends with the ticket in hand. */
  async work(goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      let { answer } = await this.register();
      for (const step of this.choices.pick(JOURNEYS)) {
        if (answer.version === undefined) break;
        await pause(this.choices.below(2 * THINKING_MS));
        if (step !== 'nothing') ({ answer } = await this.take(step, answer));
      }
    }
  }

  private async register(): Promise<Reply> {
    const { branchId, clerk, categories } = this.desk;
    const filed = this.choices.below(4) > 0;
    const reply = await this.commander.send({
      login: clerk,
      method: 'POST',
      path: '/tickets',
      body: {
        branchId,
        kind: this.choices.pick(['repair', 'complaint']),
        channel: this.choices.pick(['hotline', 'front-desk', 'web']),
        categoryCode: filed ? this.choices.pick(categories) : null,
        content: `水管漏水 ${this.choices.below(1_000_000)}`,
        requesterName: '王晓梅',
        requesterPhone: '+86 21 5555 0100',
      },
    });
    return filed || reply.status !== 201 ? reply : this.take('classify', reply.answer);
  }

  private take(step: Exclude<Step, 'nothing'>, { id, version }: Answer): Promise<Reply> {
    return this.commander.send({
      login: this.desk.clerk,
      method: 'POST',
      version: version!,
      ...this.command(step, id!),
    });
  }

  private command(
    step: Exclude<Step, 'nothing'>,
    id: string,
  ): Pick<Wish, 'path' | 'body'> & { login?: string } {
    const path = (action: string) => `/tickets/${id}/${action}`;
    switch (step) {
      case 'classify':
        return {
          path: path('classification'),
          body: { kind: 'repair', categoryCode: this.choices.pick(this.desk.categories) },
        };
      case 'assign':
        return { path: path('assignment'), body: { assigneeId: this.choices.pick(this.desk.workers) } };
      case 'start':
        return { path: path('start'), body: {} };
      case 'pause':
        return { path: path('pause'), body: { reason: 'no-access', until: inAMonth() } };
      case 'resume':
        return { path: path('resumption'), body: {} };
      case 'complete':
        return { path: path('completion'), body: { outcome: '已修好' } };
      case 'reopen':
        return { path: path('reopening'), body: { reason: '又漏了' } };
      case 'cancel':
        return { login: this.desk.manager, path: path('cancellation'), body: { reason: '重复登记' } };
    }
  }
}

/** So far away that no pause ends by itself while the test runs. */
const inAMonth = (): string => new Date(Date.now() + MONTH_MS).toISOString();
