import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const BUILT = resolve(import.meta.dirname, '../../dist/runner/together.js');

/** Hosts two services in a process of its own and lets one of them go wrong after its start. */
async function crashOf(fault: string): Promise<string> {
  const script = `
    import { startHere, watchCrashes } from ${JSON.stringify(BUILT)};
    const quiet = async () => ({ name: 'quiet', url: '', stop: async () => {} });
    const bad = async () => { ${fault}; return quiet(); };
    watchCrashes((sentence) => { console.log(sentence); process.exit(1); });
    await startHere({ name: 'tickets', load: async () => bad }, {});
    await startHere({ name: 'insights', load: async () => quiet }, {});
    setInterval(() => {}, 1000);`;
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    timeout: 20_000,
  });
  const { code, stdout } = await run.then(
    () => ({ code: 0, stdout: '' }),
    (error: { code: number; stdout: string }) => error,
  );
  expect(code).toBe(1);
  return stdout;
}

describe('services in one process', () => {
  it.each([
    ['in a timer', `setTimeout(() => { throw new Error('boom'); }, 10)`],
    [
      'in a promise that nobody waits for',
      `setTimeout(async () => { await null; throw new Error('boom'); }, 10)`,
    ],
    [
      'in a request',
      `const { createServer } = await import('node:http');
      const server = createServer(() => { throw new Error('boom'); }).listen(0, '127.0.0.1', () =>
        fetch('http://127.0.0.1:' + server.address().port).catch(() => {}))`,
    ],
  ])('are named when one goes wrong %s', async (_where, fault) => {
    await expect(crashOf(fault)).resolves.toMatch(/^tickets crashed: Error: boom/);
  });
});
