import { describe, expect, it } from '@jest/globals';
import { ROLES } from '@steward/kernel';
import { audienceOf, maySee, STREAM_ROLES, type CallerGrant } from './visibility.rules.js';

const grant = (role: string, level: string, units: CallerGrant['units'], refs = units): CallerGrant => ({
  role,
  level,
  units,
  refs,
});

const CALLERS: Readonly<Record<string, readonly CallerGrant[]>> = {
  nobody: [],
  clerk: [grant('cs-agent', 'branch', ['EB1'])],
  regional: [grant('general-manager', 'region', ['EB1', 'EB2'])],
  twofold: [grant('engineer', 'branch', ['NB1']), grant('team-lead', 'branch', ['EB2'])],
  siteGuard: [grant('security', 'site', ['S1'], ['EB1'])],
  admin: [grant('hq-admin', 'group', '*')],
  oneOfGroup: [grant('cs-agent', 'branch', ['EB1']), grant('hq-auditor', 'group', '*')],
  partner: [grant('partner', 'branch', ['EB1'])],
  customer: [grant('customer', 'branch', ['EB1'])],
  mixed: [grant('partner', 'group', '*'), grant('cashier', 'branch', ['EB2'])],
};

const TICKET = 'tickets.ticket-completed.v1';

describe('who is told of an event', () => {
  it.each([
    ['ORG-01 a clerk hears of the own branch', 'clerk', TICKET, 'EB1', true],
    ['ORG-01 a clerk hears nothing of another branch', 'clerk', TICKET, 'EB2', false],
    ['ORG-01 a region hears of its branches', 'regional', TICKET, 'EB2', true],
    ['ORG-01 a region hears nothing of another', 'regional', TICKET, 'NB1', false],
    ['ORG-01 several roles add up', 'twofold', TICKET, 'EB2', true],
    ['ORG-01 headquarters hears of every branch', 'admin', TICKET, 'NB2', true],
    ['ORG-01 a role of one site hears no facts of the whole branch', 'siteGuard', TICKET, 'EB1', false],
    [
      'ORG-01 a role of one site hears of its branch’s reference data',
      'siteGuard',
      'tickets.category-defined.v1',
      'EB1',
      true,
    ],
    [
      'ORG-01 reference data of another branch stays there',
      'siteGuard',
      'organisation.policy-set.v1',
      'EB2',
      false,
    ],
    [
      'ORG-01 facts of the group are for the group',
      'clerk',
      'organisation.audit-head-sealed.v1',
      null,
      false,
    ],
    [
      'ORG-01 facts of the group reach headquarters',
      'admin',
      'organisation.audit-head-sealed.v1',
      null,
      true,
    ],
    [
      'ORG-01 one role in the group is enough for its facts',
      'oneOfGroup',
      'organisation.audit-head-sealed.v1',
      null,
      true,
    ],
    [
      'ORG-01 a name that only contains one is no reference data',
      'clerk',
      'x.tickets.category-x.v1',
      null,
      false,
    ],
    ['POL-04 a policy of the group reaches all staff', 'clerk', 'organisation.policy-set.v1', null, true],
    [
      'ORG-01 a unit of the group reaches all staff',
      'siteGuard',
      'organisation.unit-registered.v1',
      null,
      true,
    ],
    ['ORG-01 partners have topics of their own', 'partner', TICKET, 'EB1', false],
    ['ORG-01 customers have their own records only', 'customer', 'organisation.unit-changed.v1', null, false],
    ['ORG-01 a partner’s scope does not widen that of staff', 'mixed', TICKET, 'NB1', false],
    ['ORG-01 no role, no word', 'nobody', 'organisation.unit-registered.v1', null, false],
  ])('%s', (_, caller, type, branch, expected) => {
    expect(maySee(audienceOf(CALLERS[caller]!), { type, branch })).toBe(expected);
  });

  it('every role of the staff gives a stream, no other does', () => {
    expect(STREAM_ROLES).toEqual(ROLES.filter((role) => role !== 'partner' && role !== 'customer'));
  });
});
