import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LEFT_OUT, MUTATED, packagesOf, type MutatedPackage } from './scope.js';
import {
  drawScores,
  FLOOR,
  onlyFiles,
  onlyNoticed,
  percentOf,
  scoreOf,
  scoresByFile,
  survivorsOf,
  totalOf,
  type MutationReport,
} from './score.js';

/** A wish that cannot be granted, or a run that did not end; its message is for people. */
export class MutationError extends Error {
  override readonly name = 'MutationError';
}

/** What `npm run mutation` was asked for. */
export type MutationArguments = Readonly<{
  paths: readonly string[];
  survivors: boolean;
  /** What a test noticed in the last run, and both stand as they did, is not tried again. */
  changed: boolean;
  processes: number;
}>;

export const USAGE = `usage: npm run mutation -- [options] [path …]
  path              package, folder or file (services/billing); everything otherwise
  --changed         do not try again what a test noticed that still stands as it did
  --survivors       list files, worst first, and every mutant that no test noticed
  --processes N     how many mutants are tested at once (1)`;

/** Reads the command line. Throws `MutationError` with the usage. */
export function mutationArguments(args: readonly string[]): MutationArguments {
  const { values, positionals } = parsed(args);
  const processes = Number(values.processes);
  if (!Number.isInteger(processes) || processes < 1) throw new MutationError(USAGE);
  return { paths: positionals, survivors: values.survivors, changed: values.changed, processes };
}

/** Mutates package by package and prints the scores. Gives the exit code: 1 when a package is below the floor. */
export function mutationCommand(
  repository: string,
  { paths, survivors, ...how }: MutationArguments,
  print: (text: string) => void,
): number {
  const packages = packagesOf(globSync(MUTATED, { cwd: repository, exclude: LEFT_OUT }), paths);
  if (packages.length === 0) throw new MutationError(`Nothing to mutate at ${paths.join(', ')}.`);
  const scores = packages.map((its) => {
    const report = runStryker(repository, its, how);
    if (survivors) print([drawScores(scoresByFile(report)), '', ...survivorsOf(report), ''].join('\n'));
    return scoreOf(its.folder, report);
  });
  print(drawScores(scores.length > 1 ? [...scores, totalOf('all', scores)] : scores));
  const low = scores.filter((score) => percentOf(score) < FLOOR);
  if (low.length > 0) print(`below ${FLOOR} %: ${low.map(({ name }) => name).join(', ')}`);
  return low.length > 0 ? 1 : 0;
}

/** Runs Stryker over one package; its report stays in `var/mutation/<package>.json`. */
function runStryker(
  repository: string,
  { folder, files }: MutatedPackage,
  { changed, processes }: Pick<MutationArguments, 'changed' | 'processes'>,
): MutationReport {
  const report = join(repository, 'var/mutation', `${folder.replaceAll('/', '-')}.json`);
  mkdirSync(join(repository, 'var/mutation'), { recursive: true });
  rmSync(report, { force: true });
  if (changed) forgetUnnoticed(report.replace(/\.json$/, '.known.json'));
  const stryker = join(repository, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  const { status } = spawnSync(process.execPath, [stryker, 'run', 'tools/mutation/stryker.config.mjs'], {
    cwd: repository,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      MUTATION_PACKAGE: folder,
      MUTATION_FILES: files.join(','),
      MUTATION_REPORT: report,
      MUTATION_PROCESSES: String(processes),
      MUTATION_FRESH: String(!changed),
    },
  });
  if (status !== 0) throw new MutationError(`Stryker did not come to an end in ${folder}.`);
  return onlyFiles(JSON.parse(readFileSync(report, 'utf8')) as MutationReport, files);
}

/** Stryker would keep a survivor, too, whose spec has changed when it acts while its file is loaded. */
function forgetUnnoticed(known: string): void {
  if (!existsSync(known)) return;
  const report = JSON.parse(readFileSync(known, 'utf8')) as MutationReport;
  writeFileSync(known, JSON.stringify(onlyNoticed(report)));
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        survivors: { type: 'boolean', default: false },
        changed: { type: 'boolean', default: false },
        processes: { type: 'string', default: '1' },
      },
    });
  } catch {
    throw new MutationError(USAGE);
  }
}
