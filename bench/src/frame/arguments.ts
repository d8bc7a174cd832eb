import type { Size } from './bench.js';

export type Arguments = Readonly<{ names: readonly string[]; size: Size; json: boolean; profile: boolean }>;

export const USAGE = 'npm run bench -- [<name> …] [--json] [--tiny | --full] [--profile]';

const OPTIONS = ['--json', '--tiny', '--full', '--profile'];

/** What the command line asks for. Throws on anything unknown. */
export function parseArguments(args: readonly string[], known: readonly string[]): Arguments {
  const names = args.filter((arg) => !arg.startsWith('--'));
  const options = new Set(args.filter((arg) => arg.startsWith('--')));
  const strange = [
    ...names.filter((name) => !known.includes(name)),
    ...[...options].filter((option) => !OPTIONS.includes(option)),
  ];
  if (strange.length > 0)
    throw new Error(`unknown: ${strange.join(', ')}. ${USAGE}; benches: ${known.join(', ')}`);
  if (options.has('--tiny') && options.has('--full')) throw new Error(`either --tiny or --full. ${USAGE}`);
  return {
    names: names.length > 0 ? names : known,
    size: options.has('--tiny') ? 'tiny' : options.has('--full') ? 'full' : 'normal',
    json: options.has('--json'),
    profile: options.has('--profile'),
  };
}
