import { beforeEach, describe, expect, it } from '@jest/globals';
import { Hub } from './hub.js';
import type { ObservedEvent } from './reference.js';
import { Subscriber } from './subscriber.js';
import { audienceOf, type CallerGrant } from './visibility.rules.js';

const EB1: CallerGrant = { role: 'cs-agent', level: 'branch', units: ['EB1'], refs: ['EB1'] };

const event = (
  id: string,
  branch: string | null = 'EB1',
  over: Partial<ObservedEvent['reference']> = {},
): ObservedEvent => ({
  reference: {
    type: 'tickets.ticket-started.v1',
    id,
    branch,
    sequence: 1,
    time: '2026-03-02T08:00:00.000Z',
    ...over,
  },
});

type Reader = {
  text: string;
  ended: boolean;
  full: boolean;
  subscriber: Subscriber;
  ids(): string[];
  lastId(): string;
};

describe('the hub', () => {
  let hub: Hub;
  const settle = (): void => hub.subscribers().forEach((subscriber) => subscriber.pump());

  function join(from = hub.position, lastEventId?: string, grants: readonly CallerGrant[] = [EB1]): Reader {
    const reader: Reader = {
      text: '',
      ended: false,
      full: false,
      ids: () => [...reader.text.matchAll(/"id":"([^"]+)"/g)].map((match) => match[1]!),
      lastId: () => [...reader.text.matchAll(/^id: (.+)$/gm)].at(-1)![1]!,
      subscriber: new Subscriber(
        'eb1.clerk',
        audienceOf(grants),
        {
          write: (text) => {
            reader.text += text;
            return !reader.full;
          },
          end: (text) => {
            reader.text += text;
            reader.ended = true;
          },
        },
        () => hub.leave(reader.subscriber),
      ),
    };
    hub.join(reader.subscriber, from, lastEventId);
    return reader;
  }

  beforeEach(() => {
    hub = new Hub({ windowSize: 5, flushMs: 100_000 });
  });

  it('tells references of the scope, in order, with ids to go on from', () => {
    const reader = join();
    for (const one of [event('a'), event('b', 'EB2'), event('c')]) hub.publish(one);
    settle();
    expect(reader.text).toContain(
      'data: {"type":"tickets.ticket-started.v1","id":"a","branch":"EB1","sequence":1,"time":"2026-03-02T08:00:00.000Z"}\n\n',
    );
    expect(reader.ids()).toEqual(['a', 'c']);
    const again = join(hub.position, reader.lastId());
    hub.publish(event('d'));
    settle();
    expect(again.ids()).toEqual(['d']);
    hub.close();
  });

  it('catches up from the last id, within the window', () => {
    const reader = join();
    hub.publish(event('a'));
    settle();
    const id = reader.lastId();
    for (const name of ['b', 'c', 'd']) hub.publish(event(name));
    expect(join(hub.position, id).ids()).toEqual(['b', 'c', 'd']);
    hub.close();
  });

  it('says reset when the last id lies before the window, or comes from another', () => {
    const early = join().lastId();
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) hub.publish(event(name));
    for (const id of [
      early,
      'another-copy.3',
      'nonsense',
      `${early}9999`,
      '',
      `${early.split('.')[0]}.-1`,
    ].filter(Boolean)) {
      const reader = join(hub.position, id);
      expect(reader.text).toContain('event: reset');
      expect(reader.ids()).toEqual([]);
    }
    hub.close();
  });

  it('loses nothing that passes between the question for rights and the joining', () => {
    const from = hub.position;
    hub.publish(event('a'));
    expect(join(from).ids()).toEqual(['a']);
    hub.close();
  });

  it('waits for a slow reader, and drops it with a reset when it falls out of the window', () => {
    const slow = join();
    const quick = join();
    slow.full = true;
    hub.publish(event('a'));
    settle();
    for (const name of ['b', 'c', 'd']) hub.publish(event(name));
    settle();
    expect(slow.ids()).toEqual(['a']);
    slow.full = false;
    slow.subscriber.drained();
    expect(slow.ids()).toEqual(['a', 'b', 'c', 'd']);
    slow.full = true;
    hub.publish(event('e'));
    settle();
    for (const name of ['f', 'g', 'h', 'i', 'j', 'k']) {
      hub.publish(event(name));
      quick.subscriber.pump();
    }
    settle();
    expect(slow.ended).toBe(true);
    expect(slow.text).toMatch(/event: reset\ndata: \{"reason":"window-exceeded"\}\n\n$/);
    expect(quick.ids()).toHaveLength(11);
    expect(hub.size).toBe(1);
    hub.close();
  });

  it('drops a reader that does not read for long, and beats for the others', () => {
    const reader = join();
    const id = reader.lastId();
    hub.publish(event('x', 'EB2'));
    settle();
    reader.subscriber.beat(0, 1000);
    expect(reader.text).toContain(': heartbeat');
    expect(reader.lastId()).not.toBe(id);
    reader.full = true;
    reader.subscriber.beat(10, 1000);
    reader.subscriber.beat(500, 1000);
    expect(reader.ended).toBe(false);
    reader.subscriber.beat(1010, 1000);
    expect(reader.ended).toBe(true);
    expect(reader.text).toContain('too-slow');
    hub.close();
  });

  it('tells nothing to somebody whose rights just changed until they are known, and ends without any', () => {
    const reader = join();
    const revoked = { ...event('g', 'EB1', { type: 'organisation.role-revoked.v1' }), grantee: 'eb1.clerk' };
    hub.publish(revoked);
    hub.publish(event('secret', 'EB1'));
    settle();
    expect(reader.ids()).toEqual([]);
    reader.subscriber.stale = false;
    reader.subscriber.rightsKnown(audienceOf([]));
    expect(reader.text).toMatch(/event: end\n/);
    expect(reader.ids()).toEqual([]);
    expect(hub.size).toBe(0);
    hub.close();
  });

  it('goes on under new rights with what passed meanwhile', () => {
    const reader = join();
    hub.publish({ ...event('g', 'EB2', { type: 'organisation.role-granted.v1' }), grantee: 'eb1.clerk' });
    hub.publish(event('other', 'EB2'));
    reader.subscriber.stale = false;
    reader.subscriber.rightsKnown(audienceOf([EB1, { ...EB1, units: ['EB2'] }]));
    expect(reader.ids()).toEqual(['g', 'other']);
    hub.close();
  });

  it('asks again after a change of units or of roles, not of others’ roles', () => {
    const reader = join();
    hub.publish({ ...event('g', 'EB1', { type: 'organisation.role-granted.v1' }), grantee: 'somebody' });
    expect(reader.subscriber.stale).toBe(false);
    hub.publish(event('u', 'EB1', { type: 'organisation.unit-changed.v1' }));
    expect(reader.subscriber.stale).toBe(true);
    settle();
    expect(reader.ids()).toEqual(['g', 'u']);
    hub.close();
  });

  it('tells everybody to read anew after an interruption', () => {
    const reader = join();
    const id = reader.lastId();
    hub.interrupted();
    expect(reader.text).toContain('"interrupted"');
    hub.publish(event('a'));
    settle();
    expect(reader.ids()).toEqual(['a']);
    expect(join(hub.position, id).text).toContain('unknown-position');
    hub.close();
  });
});
