/** What is read of Stryker's report (its mutation-testing-report-schema). */
export type MutationReport = Readonly<{
  files: Readonly<Record<string, Readonly<{ source: string; mutants: readonly Mutant[] }>>>;
}>;
type Mutant = Readonly<{
  status: string;
  mutatorName: string;
  replacement?: string;
  location: Readonly<{ start: Place; end: Place }>;
}>;
/** Lines and columns count from one. */
type Place = Readonly<{ line: number; column: number }>;

/** Mutants of one package or file. One that hangs the tests counts as killed, as Stryker counts it. */
export type Score = Readonly<{
  name: string;
  mutants: number;
  killed: number;
  survived: number;
  uncovered: number;
}>;

/** Percent of mutants that a package must kill. */
export const FLOOR = 85;

const KILLED = ['Killed', 'Timeout'];
const CAPTIONS = ['package', 'mutants', 'killed', 'survived', 'no coverage', 'score'];

/** What a report says of some files; it also holds what former runs said of others. */
export const onlyFiles = ({ files }: MutationReport, wanted: readonly string[]): MutationReport => ({
  files: Object.fromEntries(Object.entries(files).filter(([file]) => wanted.includes(file))),
});

/** A report without the mutants that no test noticed; what else it says stays. */
export const onlyNoticed = (report: MutationReport): MutationReport => ({
  ...report,
  files: Object.fromEntries(
    Object.entries(report.files).map(([file, its]) => [
      file,
      { ...its, mutants: its.mutants.filter(({ status }) => KILLED.includes(status)) },
    ]),
  ),
});

/** Counts the mutants of a whole report. */
export function scoreOf(name: string, report: MutationReport): Score {
  return count(
    name,
    Object.values(report.files).flatMap(({ mutants }) => mutants),
  );
}

/** Counts the mutants of every file, worst file first. */
export function scoresByFile(report: MutationReport): Score[] {
  const scores = Object.entries(report.files).map(([file, { mutants }]) => count(file, mutants));
  return scores.sort((a, b) => b.mutants - b.killed - (a.mutants - a.killed));
}

/** Adds scores up. */
export function totalOf(name: string, scores: readonly Score[]): Score {
  const sum = (key: 'mutants' | 'killed' | 'survived' | 'uncovered') =>
    scores.reduce((total, score) => total + score[key], 0);
  return {
    name,
    mutants: sum('mutants'),
    killed: sum('killed'),
    survived: sum('survived'),
    uncovered: sum('uncovered'),
  };
}

/** Percent of the mutants that were killed; 100 where there is nothing to mutate. */
export function percentOf({ mutants, killed }: Score): number {
  return mutants === 0 ? 100 : (killed / mutants) * 100;
}

/** Draws scores as a table. */
export function drawScores(scores: readonly Score[]): string {
  const rows = scores.map((score) => [
    score.name,
    ...[score.mutants, score.killed, score.survived, score.uncovered].map(String),
    `${percentOf(score).toFixed(1)} %`,
  ]);
  const widths = CAPTIONS.map((caption, i) =>
    Math.max(caption.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  return [CAPTIONS, ...rows]
    .map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[i]!))))
    .map((cells) => cells.join('  '))
    .join('\n');
}

/** Every mutant that no test noticed, one a line: place, kind, what stood there and what was put in its place. */
export function survivorsOf(report: MutationReport): string[] {
  return Object.entries(report.files).flatMap(([file, { source, mutants }]) =>
    mutants
      .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
      .map(({ status, mutatorName, replacement = '', location }) => {
        const { line, column } = location.start;
        const kind = status === 'NoCoverage' ? `${mutatorName}, not covered` : mutatorName;
        return `${file}:${line}:${column} ${kind}: ${short(textAt(source, location))} → ${short(replacement)}`;
      }),
  );
}

function count(name: string, mutants: readonly Mutant[]): Score {
  const having = (...statuses: string[]) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const [killed, survived, uncovered] = [having(...KILLED), having('Survived'), having('NoCoverage')];
  return { name, mutants: killed + survived + uncovered, killed, survived, uncovered };
}

function textAt(source: string, { start, end }: Mutant['location']): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  lines[last] = lines[last]?.slice(0, end.column - 1) ?? '';
  lines[0] = lines[0]?.slice(start.column - 1) ?? '';
  return lines.join('\n');
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 110 ? `${line.slice(0, 109)}…` : line;
}
