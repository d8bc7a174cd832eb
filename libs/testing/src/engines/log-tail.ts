import { existsSync, readFileSync } from 'node:fs';

/** Gives the last lines of an engine's log as one sentence for an error message. */
export function logTail(file: string, lines = 12): string {
  if (!existsSync(file)) return `There is no log at ${file}.`;
  const text = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  return `The end of ${file}:\n${text}`;
}
