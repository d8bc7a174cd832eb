import { describe, expect, it } from '@jest/globals';
import { nameProblem } from './name.rules.js';

describe('the name of a new service', () => {
  it.each(['frontdesk', 'billing', 'fleet'])('may be %s', (name) => {
    expect(nameProblem(name, ['tickets', 'kernel'])).toBeUndefined();
  });

  it.each([
    // folders of the repository
    ...['bench', 'deploy', 'docs', 'tools', 'common', 'pages'],
    // addresses of every service and of the platform
    ...['api', 'health', 'import', 'imports', 'metrics', 'parked', 'republications', 'web'],
    // words of the template, and programs
    ...['example', 'newcomer', 'note', 'notes', 'partner', 'postgres', 'service'],
  ])('cannot be %s, which means something', (name) => {
    expect(nameProblem(name, [])).toMatch(/means something else/);
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
