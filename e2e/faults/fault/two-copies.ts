import { SERVICES } from '@steward/tools';
import type { Fault } from './fault.js';

const NAMES = SERVICES.map(({ name }) => name);

/** Two processes of everything: one of each service dies, the other is seen working at once. */
export const twoCopies: Fault = {
  name: 'two copies',
  roles: NAMES,
  kills: NAMES.length,
  needs: { copies: 2 },
  async apply({ platform, choices, working, say }) {
    for (const name of choices.shuffled(NAMES)) {
      const copy = choices.below(platform.copiesOf(name));
      await platform.strike(name, 'SIGKILL', copy);
      await working.seen(name);
      say(`copy ${copy + 1} of ${name} died, the service was seen working`);
    }
  },
};

/** Every process of every service is replaced in an orderly way, and nobody who works with the platform notices. */
export const rollingRestart: Fault = {
  name: 'rolling restart',
  roles: NAMES,
  kills: 0,
  needs: { copies: 2 },
  async apply({ platform, load, choices, say }) {
    await platform.allReady();
    const before = load.failures.length;
    for (const name of choices.shuffled(NAMES))
      for (let copy = 0; copy < platform.copiesOf(name); copy += 1) {
        const failed = load.failures.length;
        await platform.replace(name, copy);
        say(`copy ${copy + 1} of ${name} replaced, ${load.failures.length - failed} failed requests`);
      }
    const failures = load.failures.slice(before);
    if (failures.length > 0) throw new Error(`${failures.length} requests failed: ${told(failures)}`);
  },
};

const told = (failures: readonly { what: string; after: string }[]): string =>
  failures
    .slice(0, 10)
    .map(({ what, after }) => `${what} (${after})`)
    .join(', ');
