import { WebhookReceiver, type Manner } from '@steward/tools';
import { eventually } from '@steward/testing';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault, Scene } from './fault.js';

const LASTS_MS = 30_000;
const SOON = { timeoutMs: 180_000, intervalMs: 100 };

/** The partner's receiver misbehaves; another subscription gets its events meanwhile, and later it has all of them. */
const misbehaves = (name: string, begin: (scene: Scene) => Promise<void>, takesNothing = true): Fault => {
  let other: WebhookReceiver | undefined;
  return {
    name: `partner ${name}`,
    roles: ['partners'],
    kills: 0,
    async apply(scene) {
      other ??= await WebhookReceiver.start();
      if (other.subscriptionId === '') await scene.load.subscribe(other);
      await begin(scene);
    },
    async meanwhile({ load, working }) {
      const until = pause(LASTS_MS);
      // what was on its way when it began
      await pause(LASTS_MS / 10);
      const before = load.receiver.deliveries.length;
      const payment = await working.books();
      await eventually(
        () => other!.deliveries.some(({ event }) => event.aggregateId === payment),
        SOON,
      ).catch(() => {
        throw new Error(`the other receiver did not get payment ${payment}`);
      });
      if (takesNothing && load.receiver.deliveries.length > before)
        throw new Error('the receiver took events while it was out of order');
      await until;
    },
    async heal({ load }) {
      load.receiver.manner = () => 'takes';
      await load.receiver.comeBack();
      await load.unsubscribe(other!);
      await other!.close();
      other = undefined;
    },
  };
};

const answers = (manner: (scene: Scene) => () => Manner) => (scene: Scene) => {
  scene.load.receiver.manner = manner(scene);
  return Promise.resolve();
};

export const partnerHangs = misbehaves(
  'hangs',
  answers(() => () => 'hangs'),
);
export const partnerRefuses = misbehaves('refuses', ({ load }) => load.receiver.goAway());
export const partnerBusy = misbehaves(
  'busy',
  answers(() => () => 429),
);
/** Half of its failures come after it has taken the event. */
export const partnerHalfFails = misbehaves(
  'half fails',
  answers(
    ({ choices }) =>
      () =>
        choices.pick<Manner>(['takes', 'takes', 500, 'takes and fails']),
  ),
  false,
);
