import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { REGISTER_ROLES } from '../src/ticket/ticket.rules.js';
import { TicketsUnderTest, type Json } from './tickets.harness.js';

let service: TicketsUnderTest;

beforeAll(async () => {
  service = await TicketsUnderTest.start();
  for (const branch of ['EB1', 'EB2']) await service.category('water-leak', branch);
  await service.category('noise', 'EB1', 'complaint');
}, 90_000);
afterAll(() => service?.stop());

const numberOf = (ticket: Json): number => Number((ticket['number'] as string).slice(-6));

describe('intake', () => {
  it.each(REGISTER_ROLES.filter((role) => role !== 'hq-admin'))(
    'TKT-01 TKT-02 any role of the staff registers (%s) and has the number at once',
    async (role) => {
      const answer = await service.post('/api/v1/tickets', `eb1.${role}`, service.intake());
      expect(answer.status).toBe(201);
      expect(answer.body['number']).toMatch(/^EB1-T-\d{4}-\d{6}$/);
      expect(answer.body).toMatchObject({ state: 'registered', registeredBy: `eb1.${role}`, version: 1, origin: 'live' });
    },
  );
});
