// Loaded before a service (`node --import`): its clock is wrong by the milliseconds that a file names. Timers and the
// clock that only goes forward stay right, as they do when somebody sets a machine's time.
import { readFileSync } from 'node:fs';

const LOOK_MS = 200;
const Right = globalThis.Date;
let shiftMs = 0;

function look(): void {
  try {
    shiftMs = Number(readFileSync(process.env['CLOCK_SHIFT_FILE']!, 'utf8')) || 0;
  } catch {
    shiftMs = 0;
  }
}

const now = (): number => Right.now() + shiftMs;

globalThis.Date = new Proxy(Right, {
  apply: () => new Right(now()).toString(),
  construct: (target, given: unknown[], newTarget) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as object,
  get: (target, name, receiver) => (name === 'now' ? now : (Reflect.get(target, name, receiver) as unknown)),
});
look();
setInterval(look, LOOK_MS).unref();
