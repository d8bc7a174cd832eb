import { open, readFile, type FileHandle } from 'node:fs/promises';

/** What the load generator keeps of an answer: enough to find what the platform promised by it. */
export type Answer = Readonly<{
  id?: string;
  number?: string;
  version?: number;
  state?: string;
  branchId?: string | null;
}>;

export type Sent = Readonly<{
  what: 'sent';
  at: string;
  key: string;
  login: string;
  method: string;
  path: string;
  body: unknown;
}>;
export type Repeated = Readonly<{ what: 'repeated'; at: string; key: string; after: string }>;
export type Answered = Readonly<{
  what: 'answered';
  at: string;
  key: string;
  status: number;
  code?: string;
  answer: Answer;
}>;
export type Struck = Readonly<{ what: 'struck'; at: string; fault: string; workedAfterMs: number }>;
export type Entry = Sent | Repeated | Answered | Struck;

/** One command as the file tells of it; `status` is missing while nobody knows how it ended. */
export type Command = Sent & {
  repeats: string[];
  status?: number;
  code?: string | undefined;
  answer: Answer;
};

/** The load generator's own record: a file that is only appended to, and on disk before a command goes out. */
export class Ledger {
  private waiting: string[] = [];
  private writing: Promise<void> | undefined;

  private constructor(private readonly file: FileHandle) {}

  static async open(path: string): Promise<Ledger> {
    return new Ledger(await open(path, 'a'));
  }

  /** Resolves when the entry would survive the end of this process and of the machine. */
  async write(entry: Entry): Promise<void> {
    this.waiting.push(`${JSON.stringify(entry)}\n`);
    // whoever comes while a write is under way shares the next one
    const turn = (this.writing ?? Promise.resolve()).then(() => this.flush());
    this.writing = turn;
    await turn;
  }

  async close(): Promise<void> {
    await this.writing;
    await this.file.close();
  }

  private async flush(): Promise<void> {
    if (this.waiting.length === 0) return;
    const lines = this.waiting.splice(0).join('');
    await this.file.appendFile(lines);
    await this.file.datasync();
  }
}

/** Reads a ledger back: every command in the order in which it was sent, with how it ended. */
export async function readCommands(path: string): Promise<Command[]> {
  const commands = new Map<string, Command>();
  for (const line of (await readFile(path, 'utf8')).split('\n').filter(Boolean)) {
    const entry = JSON.parse(line) as Entry;
    if (entry.what === 'sent') commands.set(entry.key, { ...entry, repeats: [], answer: {} });
    else if (entry.what === 'repeated') commands.get(entry.key)!.repeats.push(entry.after);
    else if (entry.what === 'answered') {
      const { status, code, answer } = entry;
      Object.assign(commands.get(entry.key)!, { status, code, answer });
    }
  }
  return [...commands.values()];
}
