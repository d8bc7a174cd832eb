import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Choices } from '../choices.js';
import type { Commander } from './commander.js';
import { ADMINISTRATOR } from './headquarters.js';

/** What a generated file must lead to, row by row. */
export type ExpectedRows = Readonly<{ read: number; created: number; unchanged: number; rejected: number }>;

const COLUMNS = 'externalId,branch,kind,channel,categoryCode,content,receivedAt,completedAt';
const LOOK_MS = 300;
const HOUR_MS = 3_600_000;

/** Sends files of old tickets, one after another, each with rows that come twice and rows that cannot be taken. */
export class Importer {
  private readonly run = randomBytes(3).toString('hex');
  private sent = 0;
  /** a file is accepted and its job not ended */
  following = false;

  constructor(
    private readonly commander: Commander,
    private readonly branchCodes: readonly string[],
    private readonly rowsPerFile: number,
    private readonly choices: Choices,
  ) {}

  /** Imports one file and follows the job to its end. */
  async importOne(): Promise<void> {
    this.sent += 1;
    const source = `old-${this.run}-${this.sent}`;
    const { text, expected } = this.file();
    const { status, answer } = await this.commander.send({
      login: ADMINISTRATOR,
      method: 'POST',
      path: '/imports?kind=tickets',
      body: { source, expected },
      form: () => formOf(source, text),
    });
    if (status !== 202) return;
    this.following = true;
    await this.follow(answer.id!).finally(() => (this.following = false));
  }

  private async follow(id: string): Promise<void> {
    for (;;) {
      const { status, body } = await this.commander.get<{ state: string }>(ADMINISTRATOR, `/imports/${id}`);
      if (status !== 200 || ['done', 'failed', 'cancelled'].includes(body.state)) return;
      await pause(LOOK_MS);
    }
  }

  private file(): { text: string; expected: ExpectedRows } {
    const count = { read: 0, created: 0, unchanged: 0, rejected: 0 };
    const lines = [COLUMNS];
    const add = (line: string, outcome: 'created' | 'unchanged' | 'rejected') => {
      lines.push(line);
      count.read += 1;
      count[outcome] += 1;
    };
    for (let row = 1; row <= this.rowsPerFile; row += 1) {
      if (row % 97 === 0) add(this.row(`bad-${row}`, 'no-such-kind'), 'rejected');
      const good = this.row(String(row), this.choices.pick(['repair', 'complaint']));
      add(good, 'created');
      if (row % 101 === 0) add(good, 'unchanged');
    }
    return { text: `${lines.join('\n')}\n`, expected: count };
  }

  private row(id: string, kind: string): string {
    const received = Date.now() - (24 + this.choices.below(2000)) * HOUR_MS;
    const completed = this.choices.below(3) > 0 ? received + this.choices.below(24) * HOUR_MS : undefined;
    return [
      id,
      this.choices.pick(this.branchCodes),
      kind,
      this.choices.pick(['hotline', 'web', 'letter']),
      this.choices.pick(['water-leak', 'noise', 'lift']),
      `"Row ${id}, from the old system"`,
      new Date(received).toISOString(),
      completed === undefined ? '' : new Date(completed).toISOString(),
    ].join(',');
  }
}

function formOf(source: string, text: string): FormData {
  const form = new FormData();
  form.set('source', source);
  form.set('file', new Blob([text], { type: 'text/csv' }), `${source}.csv`);
  return form;
}
