import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeAll, afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  castOf,
  CLIENT,
  fetchClientToken,
  fetchToken,
  GRANTED,
  playJourney,
  WebhookReceiver,
  type Cast,
  type Outcome,
} from '@steward/tools';
import { PASSWORD, PlatformUnderFault } from '../faults/platform-under-fault.js';

const START_MS = 300_000;
const LIMIT_MS = 900_000;
/** generous: a busy machine is slow, not broken */
const PATIENCE_MS = 240_000;

let platform: PlatformUnderFault;
let receiver: WebhookReceiver;
let cast: Cast;

beforeAll(async () => {
  platform = await PlatformUnderFault.start({ WEBHOOK_BACK_OFF_S: '0.2,0.5,1', WEBHOOK_TIMEOUT_MS: '2000' });
}, START_MS);
afterAll(() => platform?.stop(), START_MS);
beforeEach(async () => {
  receiver = await WebhookReceiver.start();
  const { gateway, issuer, partnerSecret } = platform;
  cast = castOf({
    gateway,
    traceId: randomBytes(16).toString('hex'),
    token: (login) =>
      login === null
        ? fetchClientToken({ issuer, client: CLIENT, secret: partnerSecret })
        : fetchToken({ issuer, login, password: PASSWORD }),
  });
});
afterEach(() => receiver.close());

/** What the journey has to end with, whatever happened on the way. */
async function expectWhole({ ticket, invoice, payments, callback, told }: Outcome): Promise<void> {
  expect(ticket).toMatchObject({ state: 'completed', payment: 'paid' });
  expect(invoice).toMatchObject({ total: { amount: '120.50' }, open: { amount: '0.00' } });
  expect(payments.map(({ amount }) => amount.amount)).toEqual(['50.00', '70.50']);
  expect(callback.state).toBe('satisfied');
  expect(new Set([...told.values()].flat())).toEqual(new Set(GRANTED));
  expect(told.get(ticket.id)).toEqual([
    'tickets.ticket-registered.v1',
    'tickets.ticket-completed.v1',
    'tickets.ticket-paid.v1',
  ]);
  const [booked] = await platform.sql<{ payments: string; charges: string; sum: string }>(
    'billing',
    `select (select count(*) from payment where account_id = $1) payments,
            (select count(*) from charge where ticket_id = $2) charges,
            (select coalesce(sum(amount_minor), 0) from posting) sum`,
    [invoice.accountId, ticket.id],
  );
  expect(booked).toEqual({ payments: '2', charges: '1', sum: '0' });
}

describe('FLW-01 from a hotline call to a paid, called-back, published repair', () => {
  it(
    'TKT-40 TKT-43 TKT-44 TKT-60 BIL-08 PTR-03 as its users live it',
    async () => {
      await expectWhole(await playJourney({ cast, receiver, patienceMs: PATIENCE_MS }));
    },
    LIMIT_MS,
  );

  it(
    'comes to the same when the partner is down, billing is away for a minute and the broker is restarted',
    async () => {
      const outcome = await playJourney({
        ...{ cast, receiver, patienceMs: PATIENCE_MS },
        before: async (step) => {
          if (step === 'repair taken by hotline') receiver.outOfOrder = true;
          if (step === 'quote accepted, work done and signed')
            await platform.takeAway('billing', pause(60_000));
          if (step === 'paid in two parts, one told twice') await platform.strike('broker', 'SIGTERM');
          if (step === 'headquarters sees it') receiver.outOfOrder = false;
        },
      });
      expect(receiver.turnedAway).toBeGreaterThan(0);
      expect(platform.exits.filter(({ asked }) => !asked)).toEqual([]);
      await expectWhole(outcome);
    },
    LIMIT_MS,
  );
});
