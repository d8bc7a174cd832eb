import { describe, expect, it } from '@jest/globals';
import { changesOf } from './changes.rules.js';

type Pump = { name: string; storeys: number | null; details: Record<string, string>; noted?: string };
const pump: Pump = { name: 'Pump 3', storeys: null, details: { power: '4 kW' } };

describe('ORG-02 what a change did to a record', () => {
  it('is every field that says something, when the record is new', () => {
    expect(changesOf(null, pump, ['name', 'storeys', 'details', 'noted'])).toEqual([
      { field: 'name', from: null, to: 'Pump 3' },
      { field: 'details', from: null, to: { power: '4 kW' } },
    ]);
  });

  it('is what differs, lists and objects by what they hold, in the order of the fields', () => {
    const after: Pump = { ...pump, details: { power: '4 kW' }, storeys: 2, name: 'Pump 4' };
    expect(changesOf(pump, after, ['storeys', 'details', 'name'])).toEqual([
      { field: 'storeys', from: null, to: 2 },
      { field: 'name', from: 'Pump 3', to: 'Pump 4' },
    ]);
  });

  it('is what was taken away as null', () => {
    expect(changesOf({ ...pump, noted: 'loud' }, pump, ['noted'])).toEqual([
      { field: 'noted', from: 'loud', to: null },
    ]);
  });

  it('is every field that said something, when the record is gone', () => {
    expect(changesOf<Pump>(pump, null, ['name', 'storeys'])).toEqual([
      { field: 'name', from: 'Pump 3', to: null },
    ]);
  });
});
