// Hands the process over to the pinned Node, so that it ends when we end, however we end.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { pinnedEnv, pinnedNode, repository } from './prepare.mjs';

const PARENT_CHECK_MS = 1000;

/** Runs one script under the pinned Node until it ends; then ends this process with its exit code. */
export function handOver(script, args) {
  // the fourth descriptor is a pipe that only we hold: it closes when we are killed, and the script stops
  const child = spawn(pinnedNode(), ['--disable-warning=ExperimentalWarning', script, ...args], {
    cwd: repository,
    env: { ...pinnedEnv(), STEWARD_PARENT_PIPE: '3' },
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
  });
  // the terminal sends Ctrl-C to the child as well; a plain kill reaches only us
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill('SIGTERM'));
  // npm that is killed hard passes nothing on: notice that we were handed to another parent
  if (process.env.npm_lifecycle_event) {
    const line = ancestors();
    setInterval(() => ancestors() !== line && child.kill('SIGTERM'), PARENT_CHECK_MS).unref();
  }
  child.once('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

/** The process that started us, and npm behind the shell that npm may have put between. */
function ancestors() {
  const read = (file) => {
    try {
      return readFileSync(`/proc/${process.ppid}/${file}`, 'utf8');
    } catch {
      return '';
    }
  };
  const shellOfNpm = read('cmdline').startsWith('sh\0-c\0');
  return shellOfNpm ? `${process.ppid} ${/^PPid:\t(\d+)$/m.exec(read('status'))?.[1]}` : `${process.ppid}`;
}

/** Calls `stop` once, when this process is told to end or the one that handed over to it is gone. */
export function onEnd(stop) {
  const once = (() => {
    let called = false;
    return () => {
      if (!called) stop();
      called = true;
    };
  })();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, once);
  if (process.env.STEWARD_PARENT_PIPE) {
    // a socket, as a stream of files would block a thread and with it the exit
    const pipe = new Socket({ fd: Number(process.env.STEWARD_PARENT_PIPE), readable: true, writable: false });
    pipe.on('error', once).on('close', once).resume();
  }
}
