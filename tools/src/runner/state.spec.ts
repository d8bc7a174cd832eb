import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateFolder } from './state.js';

describe('the state folder', () => {
  let path: string;
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'state-'));
  });
  afterEach(() => rmSync(path, { recursive: true }));

  it('makes secrets once, keeps them, and shows them to the owner only', () => {
    const first = new StateFolder(path).secrets();
    const password = new StateFolder(path).databasePassword('steward_tickets_app');
    expect(first.auditKey.length).toBeGreaterThanOrEqual(32);
    expect(new StateFolder(path).secrets()).toMatchObject({
      auditKey: first.auditKey,
      demoPartnerSecret: first.demoPartnerSecret,
    });
    expect(new StateFolder(path).databasePassword('steward_tickets_app')).toBe(password);
    expect(new StateFolder(path).databasePassword('steward_tickets_worker')).not.toBe(password);
    expect(statSync(join(path, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('gives the same ports again, and another where one is taken', async () => {
    const first = await new StateFolder(path).ports(['identity', 'tickets']);
    await expect(new StateFolder(path).ports(['identity', 'tickets'])).resolves.toEqual(first);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(first.identity, '127.0.0.1', resolve));
    const second = await new StateFolder(path).ports(['identity', 'tickets']);
    expect(second.identity).not.toBe(first.identity);
    expect(second.tickets).toBe(first.tickets);
    await new Promise((resolve) => server.close(resolve));
  });

  it('announces the platform and withdraws it', () => {
    const state = new StateFolder(path);
    state.announce({ pid: 1, gateway: 'http://g', issuer: 'http://i', brokers: 'b', services: {} });
    expect(JSON.parse(readFileSync(join(path, 'platform.json'), 'utf8'))).toMatchObject({
      gateway: 'http://g',
    });
    state.withdraw();
    expect(existsSync(join(path, 'platform.json'))).toBe(false);
  });

  it('remembers what is done once', () => {
    const state = new StateFolder(path);
    expect(state.done('demo-group')).toBeUndefined();
    state.markDone('demo-group', { EB1: 'id' });
    expect(new StateFolder(path).done('demo-group')).toEqual({ EB1: 'id' });
  });
});
