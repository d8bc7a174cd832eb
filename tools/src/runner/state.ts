import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, isPortFree } from '@steward/testing';

/** Random values that are made at the first start and kept, readable by the owner of the folder only. */
export type Secrets = {
  demoPartnerSecret: string;
  auditKey: string;
  databasePasswords: Record<string, string>;
};

/** What other commands need to know about the platform that runs from a state folder. */
export type PlatformFile = Readonly<{
  pid: number;
  gateway: string;
  issuer: string;
  brokers: string;
  services: Readonly<Record<string, string>>;
}>;

/** The files of a state folder that belong to the runner. Each is replaced in one go, so a kill leaves none half written. */
export class StateFolder {
  constructor(readonly path: string) {}

  secrets(): Secrets {
    const kept = this.read<Partial<Secrets>>('secrets.json');
    const secrets = {
      demoPartnerSecret: kept?.demoPartnerSecret ?? secret(),
      auditKey: kept?.auditKey ?? secret(),
      databasePasswords: kept?.databasePasswords ?? {},
    };
    this.write('secrets.json', secrets);
    return secrets;
  }

  /** Password of a database role; made when it is asked for the first time. */
  databasePassword(role: string): string {
    const secrets = this.secrets();
    const password = (secrets.databasePasswords[role] ??= secret());
    this.write('secrets.json', secrets);
    return password;
  }

  /** Gives each name the port that it had last time, or another one where that is taken now. */
  async ports<Name extends string>(names: readonly Name[]): Promise<Record<Name, number>> {
    const kept = this.read<Record<string, number>>('ports.json') ?? {};
    for (const name of names) {
      const last = kept[name];
      if (last === undefined || !(await isPortFree(last))) kept[name] = await unusedPort(Object.values(kept));
    }
    this.write('ports.json', kept);
    return kept;
  }

  announce(platform: PlatformFile): void {
    this.write('platform.json', platform);
  }

  withdraw(): void {
    rmSync(join(this.path, 'platform.json'), { force: true });
  }

  /** What a task that is done once left behind; undefined while it is not done. */
  done<T>(task: string): T | undefined {
    return this.read<{ at: string; result: T }>(`${task}.done`)?.result;
  }

  markDone(task: string, result: unknown): void {
    this.write(`${task}.done`, { at: new Date().toISOString(), result });
  }

  private read<T>(name: string): T | undefined {
    const file = join(this.path, name);
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;
  }

  private write(name: string, value: unknown): void {
    const file = join(this.path, name);
    writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}

const secret = () => randomBytes(32).toString('base64url');

/** Free ports of a row of calls may repeat, so what was given away already is left out. */
async function unusedPort(taken: readonly number[]): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (!taken.includes(port)) return port;
  }
}
