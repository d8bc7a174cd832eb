import type { Role } from '../platform-under-fault.js';
import type { Fault } from './fault.js';

/** One process of the role ends without warning. */
export const kill = (role: Role): Fault => ({
  name: `kill ${role}`,
  roles: [role],
  kills: 1,
  apply: ({ platform, choices }) => platform.strike(role, 'SIGKILL', choices.below(platform.copiesOf(role))),
});

/** One process of each role ends without warning, all in the same moment, as when a machine dies. */
export const killTogether = (name: string, roles: readonly Role[]): Fault => ({
  name,
  roles,
  kills: roles.length,
  apply: async (scene) => {
    await Promise.all(roles.map((role) => kill(role).apply(scene)));
  },
});

/** The role is stopped in an orderly way and started again. */
export const restart = (role: Role, signal: 'SIGTERM' | 'SIGINT'): Fault => ({
  name: `restart ${role}`,
  roles: [role],
  kills: 0,
  apply: ({ platform }) => platform.strike(role, signal),
});
