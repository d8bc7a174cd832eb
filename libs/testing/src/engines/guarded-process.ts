import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

/**
 * A tiny shell that stands between us and an engine (or a service in a process of its own). It holds a pipe to our process: when the pipe closes, because
 * we asked for it or because we were killed in whatever way, it stops the engine and, after the grace, its group.
 */
const GUARD = `
signal=$1; grace=$2; pidfile=$3; remove=$4; shift 4
exec 3<&0
"$@" </dev/null 3<&- &
child=$!
rm -f "$pidfile.stop"; echo $child > "$pidfile"
trap 'kill -s $signal $child 2>/dev/null' TERM INT HUP
(
  trap '' TERM INT HUP
  cat <&3 >/dev/null 2>&1
  : > "$pidfile.stop"
  kill -s $signal $child 2>/dev/null
  n=0
  while kill -0 $child 2>/dev/null && [ $n -lt $((grace * 5)) ]; do sleep 0.2; n=$((n+1)); done
  kill -KILL $child 2>/dev/null
) >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait $child; code=$?
while kill -0 $child 2>/dev/null; do wait $child; code=$?; done
kill -KILL $watch 2>/dev/null
[ -n "$remove" ] && [ -e "$pidfile.stop" ] && rm -rf "$remove"
exit $code
`;

export type GuardedCommand = {
  command: readonly string[];
  /** the signal that stops this engine in an orderly way */
  signal: 'INT' | 'TERM';
  graceSeconds: number;
  pidFile: string;
  /** where its output goes; to our own output by default */
  logFile?: string;
  /** removed by the guard when the engine has ended; used for engines that live in a temporary directory */
  removeDir?: string;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
};

export type GuardedProcess = {
  /** resolves with the exit code when the engine has ended, asked for or not */
  ended: Promise<number | null>;
  hasEnded(): boolean;
  /** process id of the engine itself (not of its guard) */
  pid(): number;
  stop(): Promise<void>;
};

/** Starts a command that cannot outlive this process, however this process ends. */
export function startGuarded(options: GuardedCommand): GuardedProcess {
  const log = options.logFile === undefined ? undefined : openSync(options.logFile, 'a');
  const { signal, graceSeconds, pidFile, removeDir, command } = options;
  const guard = spawn(
    '/bin/sh',
    ['-c', GUARD, 'steward-guard', signal, String(graceSeconds), pidFile, removeDir ?? '', ...command],
    {
      // a group of its own: Ctrl-C in the terminal reaches us, and we stop the engine when its users have stopped
      detached: true,
      stdio: ['pipe', log ?? 'inherit', log ?? 'inherit'],
      cwd: options.cwd,
      env: options.env ?? process.env,
      uid: options.uid,
      gid: options.gid,
    },
  );
  if (log !== undefined) closeSync(log);
  return track(guard, pidFile);
}

function track(guard: ChildProcess, pidFile: string): GuardedProcess {
  let over = false;
  const ended = new Promise<number | null>((resolve) => {
    const finish = (code: number | null) => {
      over = true;
      resolve(code);
    };
    guard.once('exit', finish);
    guard.once('error', () => finish(null));
  });
  guard.stdin?.on('error', () => undefined);
  return {
    ended,
    hasEnded: () => over,
    pid: () => Number(readFileSync(pidFile, 'utf8')),
    async stop() {
      guard.stdin?.end();
      await ended;
    },
  };
}
