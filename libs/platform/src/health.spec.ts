import { describe, expect, it } from '@jest/globals';
import { Health } from './health.js';

describe('Health', () => {
  it('is ready without checks', async () => {
    await expect(new Health().report()).resolves.toEqual({ status: 'ready', checks: {} });
  });

  it('is ready only when every check is, and says which is not', async () => {
    const health = new Health();
    health.register('relay', () => ({ ok: true }));
    health.register('consumer', () => Promise.resolve({ ok: false, detail: '12 keys are parked' }));
    await expect(health.report()).resolves.toEqual({
      status: 'not-ready',
      checks: { relay: { ok: true }, consumer: { ok: false, detail: '12 keys are parked' } },
    });
  });

  it('counts a check that throws as not ready', async () => {
    const health = new Health();
    health.register('database', () => {
      throw new Error('no connection');
    });
    const report = await health.report();
    expect(report.checks.database).toEqual({ ok: false, detail: 'no connection' });
  });

  it('does not wait for a check that hangs', async () => {
    const health = new Health(5);
    health.register('hanging', () => new Promise(() => undefined));
    const report = await health.report();
    expect(report.checks.hanging).toEqual({ ok: false, detail: 'no answer in 5 ms' });
  });

  it('refuses a second check of the same name, and forgets a removed one', async () => {
    const health = new Health();
    const remove = health.register('relay', () => ({ ok: false }));
    expect(() => health.register('relay', () => ({ ok: true }))).toThrow('registered twice');
    remove();
    expect((await health.report()).status).toBe('ready');
  });

  it('is not ready once the service stops', async () => {
    const health = new Health();
    health.markStopping();
    expect((await health.report()).status).toBe('stopping');
  });
});
