import type { OrganisationBuilder } from '@steward/directory/testing';
import type { BusinessCalendar, TimeSpan } from '@steward/kernel';
import { REGISTER_ROLES } from '../src/ticket/ticket.rules.js';

const week = (weekday: readonly TimeSpan[], weekend: readonly TimeSpan[]): BusinessCalendar['week'] => ({
  1: weekday,
  2: weekday,
  3: weekday,
  4: weekday,
  5: weekday,
  6: weekend,
  7: weekend,
});

/** Shanghai office hours, 7.5 h a day, with the National Day holiday of 2025 and one make-up Sunday. */
export const OFFICE: BusinessCalendar = {
  timeZone: 'Asia/Shanghai',
  week: week(
    [
      { from: '08:30', to: '12:00' },
      { from: '13:30', to: '17:30' },
    ],
    [],
  ),
  holidays: Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8].map((day) => [`2025-10-0${day}`, '国庆节'])),
  makeUpDays: { '2025-09-28': { name: '国庆调休' } },
};

/** Open day and night. */
export const ALWAYS: BusinessCalendar = {
  timeZone: 'Asia/Shanghai',
  week: week([{ from: '00:00', to: '24:00' }], [{ from: '00:00', to: '24:00' }]),
  holidays: {},
  makeUpDays: {},
};

/** East with EB1 (two sites), EB2 (open always) and the closed EB9; North with NB1; who works there, and what deadlines they have. */
export function foundSmallGroup(group: OrganisationBuilder): void {
  group
    .calendar('office', OFFICE)
    .calendar('always', ALWAYS)
    .unit('group', 'HQ', { calendar: 'office' })
    .unit('region', 'East', { parent: 'HQ' })
    .unit('region', 'North', { parent: 'HQ' })
    .unit('branch', 'EB1', { parent: 'East' })
    .unit('branch', 'EB2', { parent: 'East', calendar: 'always' })
    .unit('branch', 'EB9', { parent: 'East', active: false })
    .unit('branch', 'NB1', { parent: 'North' })
    .unit('site', 'EB1-S1', { parent: 'EB1' })
    .unit('site', 'EB1-S2', { parent: 'EB1' })
    .unit('site', 'EB2-S1', { parent: 'EB2' })
    .policy('tickets.sla.category.water-leak.resolve', 'HQ', { amount: 10, unit: 'working-hours' })
    .policy('tickets.sla.repair.resolve', 'EB2', { amount: 48, unit: 'calendar-hours' })
    .policy('tickets.callback.attempt-days', 'EB2', 1)
    .policy('tickets.callback.attempt-parts-of-day', 'EB2', 1)
    .employee('hq.admin', 'hq-admin@HQ')
    .employee('hq.auditor', 'hq-auditor@HQ')
    .employee('east.manager', 'general-manager@East')
    .employee('eb2.agent', 'cs-agent@EB2')
    .employee('eb2.engineer', 'engineer@EB2')
    .employee('eb2.cs-manager', 'cs-manager@EB2')
    .employee('nb1.agent', 'cs-agent@NB1')
    .employee('s1.agent', 'cs-agent@EB1-S1')
    .employee('s1.engineer', 'engineer@EB1-S1')
    .employee('s2.engineer', 'engineer@EB1-S2')
    .employee('two.hats', 'cs-agent@EB1', 'auditor@EB2')
    .employee('eb1.auditor', 'auditor@EB1')
    .employee('eb1.partner', 'partner@EB1')
    .employee('no.roles');
  for (const role of REGISTER_ROLES) if (role !== 'hq-admin') group.employee(`eb1.${role}`, `${role}@EB1`);
}
