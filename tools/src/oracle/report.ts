/** Rows that differ for the same reason. `examples` are sentences for people, a handful of them. */
export type CauseClass = Readonly<{ cause: string; count: number; examples: readonly string[] }>;

/** What was held against what, and how often both said the same. */
export type Comparison = Readonly<{
  name: string;
  compared: number;
  equal: number;
  classes: readonly CauseClass[];
}>;

/** A comparison with the share of equal ones (0 to 1) below which the oracle says no. */
export type Finding = Comparison & Readonly<{ least: number }>;

/** What every oracle prints with `--json`. */
export type OracleReport = Readonly<{ oracle: string; comparisons: readonly Comparison[] }>;

/** Enough to see all of a small class, and to keep the report of a bad day readable. */
const EXAMPLES = 20;

/** Counts one comparison, item by item. */
export class Tally {
  private compared = 0;
  private equal = 0;
  private readonly classes = new Map<string, { count: number; examples: string[] }>();

  /** @param least share of equal items that the comparison needs; 0 for one that only informs */
  constructor(
    private readonly name: string,
    private readonly least: number,
  ) {}

  agree(count = 1): void {
    this.compared += count;
    this.equal += count;
  }

  differ(cause: string, example: string, count = 1): void {
    this.compared += count;
    this.classify(cause, example, count);
  }

  /** An item that is as it should be and yet belongs to a class that people want to see. */
  agreeAs(cause: string, example: string): void {
    this.agree();
    this.classify(cause, example, 1);
  }

  finding(): Finding {
    const { name, least, compared, equal } = this;
    const classes = [...this.classes].map(([cause, rest]) => ({ cause, ...rest }));
    return { name, least, compared, equal, classes: classes.sort((a, b) => b.count - a.count) };
  }

  private classify(cause: string, example: string, count: number): void {
    const known = this.classes.get(cause) ?? { count: 0, examples: [] };
    this.classes.set(cause, known);
    known.count += count;
    if (known.examples.length < EXAMPLES) known.examples.push(example);
  }
}

/** Whether a comparison reaches the share that it needs; one without items shows nothing wrong. */
export const isMet = ({ compared, equal, least }: Finding): boolean => equal >= compared * least;

/** The report as one object for machines, with nothing beyond what every oracle prints. */
export function reportOf(oracle: string, findings: readonly Finding[]): OracleReport {
  const comparisons = findings.map(({ name, compared, equal, classes }) => ({ name, compared, equal, classes }));
  return { oracle, comparisons };
}

/** The report as text: one line for each comparison, its classes and their examples below. */
export function drawReport(findings: readonly Finding[]): string {
  return findings.flatMap((finding) => [headline(finding), ...finding.classes.flatMap(drawClass)]).join('\n');
}

function headline(finding: Finding): string {
  const { name, compared, equal, least } = finding;
  const share = compared === 0 ? '' : ` (${percent(equal / compared)})`;
  const needed = least > 0 && compared > 0 ? `, ${percent(least)} needed` : '';
  const mark = least === 0 ? '·' : isMet(finding) ? '✓' : '✗';
  return `${mark} ${name}: ${equal} of ${compared} equal${share}${needed}`;
}

const drawClass = ({ cause, count, examples }: CauseClass): string[] => [
  `    ${count} × ${cause}`,
  ...examples.map((example) => `        ${example}`),
  ...(count > examples.length ? [`        … ${count - examples.length} more`] : []),
];

/** Rounded down, so that nothing short of all is shown as 100 %. */
const percent = (share: number): string => `${String(Math.floor(share * 10_000) / 100)} %`;
