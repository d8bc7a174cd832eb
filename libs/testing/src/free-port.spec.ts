import { describe, expect, it } from '@jest/globals';
import { createServer } from 'node:net';
import { freePort, isPortFree } from './free-port.js';

describe('free ports', () => {
  it('gives a port that can be listened on, and tells when it is taken', async () => {
    const port = await freePort();
    await expect(isPortFree(port)).resolves.toBe(true);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    await expect(isPortFree(port)).resolves.toBe(false);
    await new Promise((resolve) => server.close(resolve));
  });
});
