import { describe, expect, it } from '@jest/globals';
import { ALL_EVENTS, ALL_PERSONAL } from '@steward/contracts';
import { MeterRead, MeterSealed, Readers, YardOpened } from '../../test/events.js';
import { inCatalogue, topicSpecs } from '../nest/messaging-options.js';
import { handlerTable } from './handler-table.js';
import { Handles } from './handles.decorator.js';

const reasons = { repeat: 'r', late: 'l' };

class Base {
  handle(): Promise<void> {
    return Promise.resolve();
  }
}

@Handles(MeterRead, reasons)
@Handles(YardOpened, reasons)
class ReadAndOpened extends Base {}

@Handles(Readers, reasons)
class Persons extends Base {}

@Handles(YardOpened, reasons)
class Many {
  handleMany(): Promise<void> {
    return Promise.resolve();
  }
}

@Handles(MeterRead, { repeat: ' ', late: '' })
class Unexplained extends Base {}

class Unsaid extends Base {}

@Handles(MeterSealed, reasons)
class Idle {}

@Handles(MeterSealed, reasons)
class Sealed extends Base {}

const faultsOf = (handlers: object[], known = () => true): string => {
  try {
    handlerTable('spec', handlers, known);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('the table of a consumer', () => {
  it('knows its events, its personal values and their topics', () => {
    const table = handlerTable('spec', [new ReadAndOpened(), new Persons()], () => true);
    expect([...table.events.keys()].sort()).toEqual([MeterRead.type, YardOpened.type]);
    expect([...table.personal.keys()]).toEqual([Readers.topic]);
    expect(table.personal.get(Readers.topic)).toEqual({ definition: Readers, handler: new Persons() });
    expect([...table.topics].sort()).toEqual(['meters.readers.v1', 'meters.v1', 'yards.v1']);
  });

  it('takes handlers of several at once, and a topic once', () => {
    const [many, one] = [new Many(), new ReadAndOpened()];
    expect(handlerTable('spec', [many], () => true).events.get(YardOpened.type)?.handler).toBe(many);
    expect(faultsOf([many, one])).toBe(
      `consumer spec: ${YardOpened.type} has two handlers, ReadAndOpened is one of them`,
    );
    expect(handlerTable('spec', [new Sealed(), one], () => true).topics).toEqual(['meters.v1', 'yards.v1']);
  });

  it('refuses a second handler of personal values', () => {
    expect(faultsOf([new Persons(), new Persons()])).toBe(
      `consumer spec: ${Readers.type} has two handlers, Persons is one of them`,
    );
  });

  it('is refused for any one of the two reasons that is missing', () => {
    expect(faultsOf([new Unexplained()]).split('; ')).toEqual([
      'consumer spec: Unexplained does not say why a repeat of meters.meter-read.v1 is harmless',
      'Unexplained does not say why a late meters.meter-read.v1 is harmless',
    ]);
  });

  it('names every fault at once', () => {
    const faults = faultsOf([new Unsaid(), new Idle(), new Unexplained(), new ReadAndOpened()], () => false);
    expect(faults).toMatch(/^consumer spec: /);
    for (const fault of [
      'Unsaid does not say with @Handles',
      'Idle has neither handle nor handleMany',
      'Unexplained does not say why a repeat of meters.meter-read.v1 is harmless',
      'Unexplained does not say why a late meters.meter-read.v1 is harmless',
      'meters.meter-read.v1 has two handlers, ReadAndOpened is one of them',
      'Idle handles meters.meter-sealed.v1, which no contract defines',
    ])
      expect(faults).toContain(fault);
    expect(faultsOf([])).toBe('consumer spec: it has no handlers');
  });

  it('takes the catalogue of contracts for what is known, and the kind of a topic from it', () => {
    expect([MeterRead, Readers].map(inCatalogue)).toEqual([false, false]);
    expect([ALL_EVENTS[0]!, ALL_PERSONAL[0]!].map(inCatalogue)).toEqual([true, true]);
    expect(
      topicSpecs([
        'organisation.v1',
        'organisation.persons.v1',
        { name: 'x', kind: 'events', partitions: 3 },
      ]),
    ).toEqual([
      { name: 'organisation.v1', kind: 'events' },
      { name: 'organisation.persons.v1', kind: 'personal' },
      { name: 'x', kind: 'events', partitions: 3 },
    ]);
  });
});
