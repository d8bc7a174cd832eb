import { OrganisationBuilder } from '@steward/directory/testing';
import type { BusinessCalendar } from '@steward/kernel';
import type { Kafka } from '@steward/messaging';

export const BRANCHES = 40;
const PER_REGION = 10;

const DAY = [
  { from: '08:30', to: '12:00' },
  { from: '13:30', to: '17:30' },
];

const OFFICE: BusinessCalendar = {
  timeZone: 'Asia/Shanghai',
  week: { 1: DAY, 2: DAY, 3: DAY, 4: DAY, 5: DAY, 6: [], 7: [] },
  holidays: {},
  makeUpDays: {},
};

export const branchCode = (index: number): string => `B${String(index + 1).padStart(2, '0')}`;
export const clerkOf = (index: number): string => `${branchCode(index).toLowerCase()}.agent`;

/** Four regions of ten branches, each with an agent; deadlines of repairs in working hours of one calendar. */
export function benchGroup(kafka: Kafka): OrganisationBuilder {
  const group = new OrganisationBuilder(kafka)
    .calendar('office', OFFICE)
    .unit('group', 'HQ', { calendar: 'office' });
  for (let index = 0; index < BRANCHES; index += 1) {
    const region = `R${Math.floor(index / PER_REGION) + 1}`;
    if (index % PER_REGION === 0) group.unit('region', region, { parent: 'HQ' });
    group.unit('branch', branchCode(index), { parent: region });
    group.employee(clerkOf(index), `cs-agent@${branchCode(index)}`);
  }
  return group.policy('tickets.sla.repair.resolve', 'HQ', { amount: 24, unit: 'working-hours' });
}
