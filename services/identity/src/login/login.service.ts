import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@steward/kernel';
import type { DemoUser } from '../config.js';
import type { LoginAttemptRepository } from './login-attempt.repository.js';
import { decideAttempt } from './login.rules.js';

export type LoginResult =
  | Readonly<{ outcome: 'welcome'; user: DemoUser }>
  | Readonly<{ outcome: 'wrong' }>
  | Readonly<{ outcome: 'wait'; seconds: number }>;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
// PostgreSQL's text cannot hold NUL.
const keyOf = (login: string): string => login.replaceAll('\0', '').trim().toLowerCase();

/** Checks demo users and the development password, with a growing wait per login. */
export class LoginService {
  private readonly users: ReadonlyMap<string, DemoUser>;
  private readonly password: Buffer;

  constructor(
    users: readonly DemoUser[],
    password: string,
    private readonly attempts: LoginAttemptRepository,
    private readonly clock: Clock,
  ) {
    this.users = new Map(users.map((user) => [keyOf(user.login), user]));
    this.password = digest(password);
  }

  /** The demo user of a token's subject, if it is still configured. */
  find(login: string): DemoUser | undefined {
    return this.users.get(keyOf(login));
  }

  /** Judges one attempt. Unknown logins answer and wait exactly like known ones. */
  async signIn(login: string, password: string): Promise<LoginResult> {
    const key = keyOf(login);
    const now = this.clock.now();
    const decision = await this.attempts.record(key, now, (previous) => decideAttempt(previous, now));
    if ('waitSeconds' in decision) return { outcome: 'wait', seconds: decision.waitSeconds };
    const right = timingSafeEqual(digest(password), this.password);
    const user = this.users.get(key);
    if (!right || !user) return { outcome: 'wrong' };
    await this.attempts.forget(key);
    return { outcome: 'welcome', user };
  }
}
