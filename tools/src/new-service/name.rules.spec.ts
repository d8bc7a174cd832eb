import { describe, expect, it } from '@jest/globals';
import { nameProblem } from './name.rules.js';

describe('the name of a new service', () => {
  it.each(['frontdesk', 'billing', 'fleet'])('may be %s', (name) => {
    expect(nameProblem(name, ['tickets', 'kernel'])).toBeUndefined();
  });

  it.each([
    ['Tickets', /no name for a service/],
    ['ticket-x', /no name for a service/],
    ['ab', /no name for a service/],
    ['../services', /no name for a service/],
    ['frontdesk2', /no name for a service/],
    ['a'.repeat(21), /no name for a service/],
    ['tickets', /exists already/],
    ['kernel', /exists already/],
    ['worker', /means something else/],
    ['audit', /means something else/],
  ])('cannot be %s', (name, why) => {
    expect(nameProblem(name, ['tickets', 'kernel'])).toMatch(why);
  });
});
