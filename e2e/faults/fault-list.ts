import { SERVICES } from '@steward/tools';
import type { PlatformUnderFault, Role } from './platform-under-fault.js';

/** Something bad that happens to one role; `kill` counts those that nobody can prepare for. */
export type Fault = Readonly<{
  name: string;
  role: Role;
  kill: boolean;
  /** resolves when it has happened */
  strike(platform: PlatformUnderFault): Promise<void>;
}>;

const kill = (role: Role): Fault => ({
  name: `kill ${role}`,
  role,
  kill: true,
  strike: (platform) => platform.strike(role, 'SIGKILL'),
});

const restart = (role: Role, signal: 'SIGTERM' | 'SIGINT'): Fault => ({
  name: `restart ${role}`,
  role,
  kill: false,
  strike: (platform) => platform.strike(role, signal),
});

/** PostgreSQL takes INT for its fast stop, Kafka TERM for its orderly one. */
const ENGINES = [
  kill('database'),
  kill('broker'),
  restart('database', 'SIGINT'),
  restart('broker', 'SIGTERM'),
] as const;

const ALL = SERVICES.map(({ name }) => kill(name));

/** What one round of the shuffle bag holds: every service twice, every fault of an engine once. */
export const FAULTS: readonly Fault[] = [...ALL, ...ALL, ...ENGINES];
