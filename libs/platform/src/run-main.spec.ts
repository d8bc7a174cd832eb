import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { ConfigError } from './config.js';
import { runMain, type Stoppable } from './run-main.js';

/** A process that can be sent signals and says how it ended. */
class ProcessStandIn extends EventEmitter {
  readonly said: string[] = [];
  exit: (code: number) => void = () => undefined;
  readonly ended = new Promise<number>((resolve) => {
    this.exit = resolve;
  });
  readonly stderr = { write: (text: string): number => this.said.push(text) };
}

const service = (stop: () => Promise<void> = () => Promise.resolve()): Stoppable => ({
  name: 'tickets',
  stop,
});

async function started(app: Stoppable): Promise<ProcessStandIn> {
  const host = new ProcessStandIn();
  await runMain(
    'tickets',
    () => Promise.resolve(app),
    () => ({}),
    {},
    host,
  );
  return host;
}

describe('runMain', () => {
  it('ends with 78 and every problem when the configuration is wrong', async () => {
    const host = new ProcessStandIn();
    const config = (): never => {
      throw new ConfigError(['DATABASE_URL: is not set', 'AUDIT_KEY: is not set']);
    };
    await runMain('tickets', () => Promise.resolve(service()), config, {}, host);
    await expect(host.ended).resolves.toBe(78);
    expect(host.said.join('')).toMatch(/^tickets: [^]*DATABASE_URL: is not set\n.*AUDIT_KEY: is not set/);
  });

  describe('with a task as argument', () => {
    const run = async (argument: string, migrate: () => Promise<void>): Promise<[number, string]> => {
      const host = Object.assign(new ProcessStandIn(), { argv: ['node', 'main.js', argument] });
      const never = (): Promise<Stoppable> => Promise.reject(new Error('the service started'));
      await runMain('tickets', never, () => ({}), { migrate }, host);
      return [await host.ended, host.said.join('')];
    };

    it('runs only that and ends with 0', async () => {
      let migrated = false;
      const work = () => {
        migrated = true;
        return Promise.resolve();
      };
      expect(await run('migrate', work)).toEqual([0, '']);
      expect(migrated).toBe(true);
    });

    it('ends with 1 and one sentence when it fails, with 78 for a wrong configuration', async () => {
      const failing = (error: Error) => () => Promise.reject(error);
      expect(await run('migrate', failing(new Error('no such role')))).toEqual([
        1,
        'tickets: no such role\n',
      ]);
      expect((await run('migrate', failing(new ConfigError(['A: is not set']))))[0]).toBe(78);
    });

    it('refuses what it does not know', async () => {
      expect(await run('toString', () => Promise.resolve())).toEqual([
        64,
        'tickets: unknown argument toString; known: migrate\n',
      ]);
    });
  });

  it('ends with 1 when the service does not start', async () => {
    const host = new ProcessStandIn();
    const failing = (): Promise<Stoppable> => Promise.reject(new Error('port 8080 is taken'));
    await runMain('tickets', failing, () => ({}), {}, host);
    await expect(host.ended).resolves.toBe(1);
    expect(host.said.join('')).toContain('tickets: did not start: Error: port 8080 is taken');
  });

  it.each(['SIGTERM', 'SIGINT'])('stops the service on %s and ends with 0', async (signal) => {
    let stopped = false;
    const host = await started(
      service(() => {
        stopped = true;
        return Promise.resolve();
      }),
    );
    host.emit(signal);
    await expect(host.ended).resolves.toBe(0);
    expect(stopped).toBe(true);
  });

  it('ends at once on a second signal', async () => {
    const host = await started(service(() => new Promise(() => undefined)));
    host.emit('SIGINT');
    host.emit('SIGINT');
    await expect(host.ended).resolves.toBe(130);
  });

  it('ends with 1 when stopping fails', async () => {
    const host = await started(service(() => Promise.reject(new Error('no answer'))));
    host.emit('SIGTERM');
    await expect(host.ended).resolves.toBe(1);
    expect(host.said.join('')).toContain('tickets: stopping failed: Error: no answer');
  });

  it.each(['uncaughtException', 'unhandledRejection'])(
    'names the service that crashed by %s',
    async (event) => {
      const host = await started(service());
      host.emit(event, new Error('relay broke'));
      await expect(host.ended).resolves.toBe(1);
      expect(host.said.join('')).toContain(`tickets: ${event}: Error: relay broke`);
    },
  );
});
