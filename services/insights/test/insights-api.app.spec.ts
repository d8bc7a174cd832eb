import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import type { Json } from '@steward/directory/testing';
import { InsightsUnderTest } from './insights.harness.js';

jest.setTimeout(60_000);

let service: InsightsUnderTest;

beforeAll(async () => {
  service = await InsightsUnderTest.start();
}, 90_000);
afterAll(() => service?.stop());

describe('ORG-01 who gets in', () => {
  it.each([
    ['GET', '/api/v1/figures/tickets', 'eb1.agent'],
    ['GET', '/api/v1/figures/tickets/records', 'eb1.agent'],
    ['GET', '/api/v1/figures/billing', 'eb1.agent'],
    ['GET', '/api/v1/figures/billing/records', 'eb1.agent'],
    ['GET', '/api/v1/month-closings', 'eb1.agent'],
    ['POST', '/api/v1/month-closings', 'eb1.manager'],
    ['GET', '/api/v1/month-closings/0197a2c4-5d00-7000-8000-000000000017/figures/tickets', 'eb1.accountant'],
    ['GET', '/api/v1/month-closings/0197a2c4-5d00-7000-8000-000000000017/figures/billing', 'eb1.agent'],
    ['GET', '/api/v1/figures/tickets/rebuild', 'eb1.agent'],
    ['POST', '/api/v1/figures/tickets/rebuild', 'hq.auditor'],
    ['GET', '/api/v1/audit/insights', 'eb1.agent'],
  ])('%s %s wants a good token and a role', async (method, path, wrong) => {
    const { issuer } = service;
    const body = method === 'POST' ? {} : undefined;
    const problem = async (as: string | null, token?: string) => {
      const answer = await service.call(method, path, as, body, { token });
      return [answer.status, answer.body['code'] as unknown];
    };
    expect(await problem(null)).toEqual([401, 'auth.token-missing']);
    expect(await problem(null, issuer.token('hq.admin', { expiresIn: -60 }))).toEqual([
      401,
      'auth.token-expired',
    ]);
    expect(await problem(null, issuer.token('hq.admin', { audience: 'other' }))).toEqual([
      401,
      'auth.token-invalid',
    ]);
    expect(await problem(wrong)).toEqual([403, 'access.role-missing']);
    expect(await problem('stranger')).toEqual([403, 'access.role-missing']);
  });
});

describe('questions', () => {
  it('that make no sense are refused by name, never with a fault of ours', async () => {
    for (const query of [
      'by=colour',
      'asOf=yesterday',
      'asOf=0000-01-01T00:00:00Z&by=month',
      'fromMonth=2026-13',
      'toMonth=9999-12',
      'fromMonth=0000-01',
      'branchId=EB1',
      'measure=open',
      'kind=wish',
      'by=branch&by=month',
      'by=branch,branch,,',
      'categoryCode=%00',
      `categoryCode=${'x'.repeat(101)}`,
      'source=%F0%9F%92%A7',
    ]) {
      const answer = await service.call('GET', `/api/v1/figures/tickets?${query}`, 'hq.admin');
      expect({ query, status: answer.status }).toEqual({ query, status: expect.any(Number) });
      expect([200, 400]).toContain(answer.status);
    }
    for (const query of [
      'by=category',
      'currency=yuan',
      'asOf=0000-01-01T00:00:00Z',
      'fromMonth=2026-13',
      'branchId=EB1',
      'measure=receivable',
    ])
      expect((await service.call('GET', `/api/v1/figures/billing?${query}`, 'hq.admin')).status).toBe(400);
    for (const query of ['measure=colour', 'late=perhaps', 'limit=0', 'after=x', 'by=branch'])
      expect((await service.call('GET', `/api/v1/figures/billing/records?${query}`, 'hq.admin')).status).toBe(
        400,
      );
    const branchId = service.group.id('EB1');
    for (const body of [
      {},
      { branchId, month: '2026-13' },
      { branchId, month: '0000-01' },
      { branchId: 'EB1', month: '2026-01' },
      { branchId, month: '2026-01', now: true },
    ])
      expect((await service.call('POST', '/api/v1/month-closings', 'hq.admin', body)).status).toBe(400);
    const unknown = { branchId: '0197a2c4-5d00-7000-8000-000000000002', month: '2026-01' };
    expect((await service.call('POST', '/api/v1/month-closings', 'hq.admin', unknown)).status).toBe(404);
    for (const query of [
      'measure=colour',
      'limit=0',
      'after=x',
      'sort=number',
      'by=branch',
      'withoutCategory=perhaps',
    ])
      expect((await service.call('GET', `/api/v1/figures/tickets/records?${query}`, 'hq.admin')).status).toBe(
        400,
      );
    expect(
      (await service.call('POST', '/api/v1/figures/tickets/rebuild', 'hq.admin', { now: true })).status,
    ).toBe(400);
  });

  it('are documented as OpenAPI 3.1 with examples that fit', async () => {
    const { body: document } = await service.call('GET', '/openapi.json', null);
    expect(document['openapi']).toBe('3.1.0');
    const text = JSON.stringify(document['components'].schemas).replaceAll(
      '#/components/schemas/',
      '#/$defs/',
    );
    const definitions = JSON.parse(text) as Json;
    for (const name of [
      'TicketFigures',
      'TicketFigureRecord',
      'TicketFigureRecordPage',
      'BillingFigures',
      'BillingFigureRecord',
      'BillingFigureRecordPage',
      'CloseMonth',
      'MonthClosing',
      'MonthClosingPage',
      'TicketClosingStatement',
      'BillingClosingStatement',
      'Rebuild',
      'BeginRebuild',
    ]) {
      const { example, examples = [example] } = definitions[name] as {
        example?: unknown;
        examples?: unknown[];
      };
      const schema = z.fromJSONSchema({ $defs: definitions, $ref: `#/$defs/${name}` });
      expect({ name, error: schema.safeParse(examples[0]).error }).toEqual({ name, error: undefined });
    }
    const operations = Object.entries(document['paths'] as Json).filter(([path]) =>
      path.includes('/figures/'),
    );
    for (const [path, methods] of operations)
      for (const operation of Object.values(methods as Json))
        expect({ path, summary: (operation as Json)['summary'] as unknown }).toEqual({
          path,
          summary: expect.any(String),
        });
  });
});
