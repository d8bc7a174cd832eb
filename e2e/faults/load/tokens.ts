import { setTimeout as pause } from 'node:timers/promises';
import { signInPerson } from '@steward/tools';
import type { Failure } from './commander.js';
import { PASSWORD } from '../platform-under-fault.js';

type Kept = { token: string; until: number; renewing?: Promise<string> | undefined };

const MARGIN_MS = 10_000;
const RETRY_MS = 250;

/** Access tokens of the people at work, renewed before they end; waits while the issuer is away. */
export class Tokens {
  readonly failures: Failure[] = [];
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly issuer: string) {}

  /** A token; never the one that was just refused. */
  async of(login: string, refused?: string): Promise<string> {
    const kept = this.kept.get(login) ?? { token: '', until: 0 };
    this.kept.set(login, kept);
    if (kept.token !== refused && kept.until > Date.now()) return kept.token;
    // everybody who asks meanwhile shares one sign-in
    kept.renewing ??= this.signIn(login, kept).finally(() => (kept.renewing = undefined));
    return kept.renewing;
  }

  /** The last token that somebody had, still good or not. */
  last(login: string): string {
    return this.kept.get(login)?.token ?? '';
  }

  private async signIn(login: string, kept: Kept): Promise<string> {
    for (;;) {
      try {
        const { token, expiresAt } = await signInPerson({ issuer: this.issuer, login, password: PASSWORD });
        kept.until = expiresAt.getTime() - MARGIN_MS;
        return (kept.token = token);
      } catch (error) {
        this.failures.push({ at: new Date().toISOString(), what: `token of ${login}`, after: String(error) });
        await pause(RETRY_MS);
      }
    }
  }
}
