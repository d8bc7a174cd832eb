import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@steward/testing';
import { ids, PartnersUnderTest } from './partners.harness.js';
import { Receiver } from './receiver.js';

let service: PartnersUnderTest;
let receiver: Receiver;

beforeAll(async () => {
  service = await PartnersUnderTest.start();
  await service.grant('bank');
}, 90_000);
afterEach(() => receiver.stop());
afterAll(() => service?.stop());

const sequences = (aggregateId: string): number[] =>
  receiver.taken
    .filter(({ body }) => body['aggregateId'] === aggregateId)
    .map(({ body }) => body['sequence'] as number);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);

describe('several copies', () => {
  it('PTR-03 share the endpoints: nothing is sent twice at once, nor out of order', async () => {
    await service.copy();
    await service.copy();
    receiver = await Receiver.start();
    const open = new Set<string>();
    const twice: string[] = [];
    receiver.reply = async ({ id, path }) => {
      if (open.has(path + id)) twice.push(id);
      open.add(path + id);
      await new Promise((done) => setTimeout(done, 3));
      open.delete(path + id);
      return { status: 200 };
    };
    const addresses = upTo(6).map((n) => ({ url: `${receiver.url}/${n}` }));
    for (const address of addresses) await service.subscribe('bank', address);
    const tickets = ids(6);
    for (let round = 0; round < 4; round += 1) await service.started(tickets, { times: 5 });
    await eventually(() => receiver.taken.length >= 6 * 120, { timeoutMs: 40_000 });
    expect(twice).toEqual([]);
    expect(receiver.received).toHaveLength(720);
    for (const { url } of addresses)
      for (const ticket of tickets) {
        const here = receiver.taken.filter(({ path }) => url.endsWith(path));
        expect(
          here
            .filter(({ body }) => body['aggregateId'] === ticket)
            .map(({ body }) => body['sequence'] as number),
        ).toEqual(upTo(20));
      }
  });

  it('PTR-03 a copy that is killed while it delivers loses nothing: another goes on, with the same ids, in order', async () => {
    receiver = await Receiver.start();
    await service.subscribe('bank', receiver);
    const child = await service.processCopy();
    await service.leaveToOthers();
    // from now on one process alone delivers: it is killed in the middle of it
    receiver.reply = async () => {
      await new Promise((done) => setTimeout(done, 20));
      return { status: 200 };
    };
    const tickets = ids(4);
    await service.started(tickets, { times: 30 });
    await eventually(() => receiver.taken.length >= 20, { timeoutMs: 40_000 });
    child.kill('SIGKILL');
    await service.processCopy();
    await eventually(() => new Set(receiver.ids()).size >= 120, { timeoutMs: 120_000 });
    for (const ticket of tickets) {
      const came = sequences(ticket);
      expect([...new Set(came)]).toEqual(upTo(30));
      // a repeat starts again somewhere before, and goes on in order from there
      for (const [index, sequence] of came.entries())
        if (index > 0) expect(sequence).toBeLessThanOrEqual(came[index - 1]! + 1);
    }
  }, 240_000);
});
