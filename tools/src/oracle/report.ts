/** Rows that differ for the same reason. `examples` are sentences for people, a handful of them. */
export type CauseClass = Readonly<{ cause: string; count: number; examples: readonly string[] }>;

/** What was held against what, and how often both said the same. */
export type Comparison = Readonly<{
  name: string;
  compared: number;
  equal: number;
  classes: readonly CauseClass[];
}>;

/** What a comparison needs so that the oracle does not say no. */
export type Demand = Readonly<{
  /** share of equal items, 0 to 1; 0 for a comparison that only informs */
  least: number;
  /** nothing compared proves nothing */
  some?: boolean;
}>;

export type Finding = Comparison & Demand;

/** What every oracle prints with `--json`. */
export type OracleReport = Readonly<{ oracle: string; comparisons: readonly Comparison[] }>;

/** Enough to see all of a small class, and to keep the report of a bad day readable. */
const EXAMPLES = 20;

/** Counts one comparison, item by item. */
export class Tally {
  private compared = 0;
  private equal = 0;
  private readonly classes = new Map<string, { count: number; examples: string[] }>();

  constructor(
    private readonly name: string,
    private readonly demand: Demand,
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
    const { name, demand, compared, equal } = this;
    const classes = [...this.classes].map(([cause, rest]) => ({ cause, ...rest }));
    return { ...demand, name, compared, equal, classes: classes.sort((a, b) => b.count - a.count) };
  }

  private classify(cause: string, example: string, count: number): void {
    const known = this.classes.get(cause) ?? { count: 0, examples: [] };
    this.classes.set(cause, known);
    known.count += count;
    if (known.examples.length < EXAMPLES) known.examples.push(example);
  }
}

/** Whether a comparison shows what it has to. */
export const isMet = ({ compared, equal, least, some }: Finding): boolean =>
  equal >= compared * least && (compared > 0 || !some);

/** The report as one object for machines, with nothing beyond what every oracle prints. */
export function reportOf(oracle: string, findings: readonly Finding[]): OracleReport {
  const comparisons = findings.map(({ name, compared, equal, classes }) => ({
    name,
    compared,
    equal,
    classes,
  }));
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
