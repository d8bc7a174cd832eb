// Loaded into a measured process before its own code: tells its processor time and memory to whoever started it, and ends with it.
import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.send) {
  process.on('message', (message) => {
    if (message === 'processor-time') process.send?.({ processorTime: process.cpuUsage() });
    if (message === 'memory') process.send?.({ memory: process.memoryUsage() });
  });
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // an end by a signal that nobody handles would leave no profile
  if (process.execArgv.includes('--cpu-prof'))
    process.once('SIGTERM', () => setTimeout(() => process.exit(), 3000).unref());
  // asking must not keep a process alive that is done
  process.channel?.unref();
}
