import { Socket } from 'node:net';

/**
 * Calls `end` when this process is told to end: by Ctrl-C, by a signal, or because the process that started it is gone
 * (it holds the other end of the pipe that `STEWARD_PARENT_PIPE` names). A second Ctrl-C ends at once.
 */
export function onEnd(end: (reason: string) => void): void {
  let askedAt: number | undefined;
  const once = (reason: string) => {
    if (askedAt !== undefined) return;
    askedAt = performance.now();
    end(reason);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // the terminal and npm may both pass on one Ctrl-C, so only a later one counts as impatience
      if (askedAt !== undefined && signal === 'SIGINT' && performance.now() - askedAt > 1_000)
        process.exit(130);
      once(signal);
    });
  }
  const pipe = process.env.STEWARD_PARENT_PIPE;
  if (!pipe) return;
  // a socket, as a stream of files would block a thread and with it the exit
  const stream = new Socket({ fd: Number(pipe), readable: true, writable: false });
  const gone = () => once('its starter is gone');
  stream.on('error', gone).on('close', gone).resume();
}
