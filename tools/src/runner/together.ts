import { AsyncLocalStorage } from 'node:async_hooks';
import type { Env } from './settings.js';
import type { Running, ServiceEntry } from '../services.js';

/** Called with one sentence when a service ended without being asked. */
export type OnCrash = (sentence: string) => void;

/** Everything that a service starts, timers and connections included, runs inside its name. */
const currentService = new AsyncLocalStorage<string>();

/** Starts one service in this process. */
export function startHere(service: ServiceEntry, env: Env): Promise<Running> {
  return currentService.run(service.name, async () => (await service.load())(env));
}

/**
 * Names the service in which something went wrong that nobody caught. What runs after that cannot be trusted any more,
 * so `onCrash` has to end the whole.
 */
export function watchCrashes(onCrash: OnCrash): void {
  const report = (error: unknown) => onCrash(`${blame(error)} crashed: ${described(error)}`);
  process.on('uncaughtException', report);
  process.on('unhandledRejection', report);
}

/** The service whose work was interrupted, or the one whose files stand in the stack. */
function blame(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return currentService.getStore() ?? /\/services\/([a-z]+)\//.exec(stack)?.[1] ?? 'the runner';
}

const described = (error: unknown) =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
