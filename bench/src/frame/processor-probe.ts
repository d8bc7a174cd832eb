// Loaded into a measured process before its own code: tells its processor time to whoever started it, and ends with it.
import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.send) {
  process.on('message', (message) => {
    if (message === 'processor-time') process.send?.({ processorTime: process.cpuUsage() });
  });
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // asking must not keep a process alive that is done
  process.channel?.unref();
}
