import type { ServiceName } from '@steward/tools';
import { setTimeout as pause } from 'node:timers/promises';
import type { PlatformUnderFault } from '../platform-under-fault.js';
import type { Fault } from './fault.js';

const STANDS_MS = 30_000;
const COPIES = 2;

/**
 * The copy that publishes, or any, stands still for half a minute. The other takes over and is seen working meanwhile;
 * then the first goes on where it stood and must do no harm.
 */
export const freeze = (role: ServiceName): Fault => {
  let frozen = 0;
  return {
    name: `freeze ${role}`,
    roles: [role],
    kills: 0,
    needs: { copies: COPIES },
    async apply({ platform, choices, say }) {
      frozen = (await publishing(platform, role)) ?? choices.below(platform.copiesOf(role));
      platform.standStill(role, frozen);
      say(`copy ${frozen + 1} of ${role} stands still`);
    },
    async meanwhile({ working }) {
      await Promise.all([working.seen(role), pause(STANDS_MS)]);
    },
    heal({ platform }) {
      platform.goOn(role, frozen);
      return Promise.resolve();
    },
  };
};

/** The copy whose relay holds the outbox. */
async function publishing(platform: PlatformUnderFault, role: ServiceName): Promise<number | undefined> {
  for (let copy = 0; copy < platform.copiesOf(role); copy += 1) {
    const relay = (await platform.told(role, copy)).checks['outbox relay'];
    if (relay?.detail !== undefined && relay.detail !== 'standing by') return copy;
  }
  return undefined;
}
