import type { CatalogueRule } from './catalogue.js';
import type { ProvingTest } from './spec-titles.js';

/** `proved`: a test names the rule; `no test`: none does. */
export type RuleState = 'proved' | 'no test';

export type RuleCoverage = CatalogueRule & Readonly<{ state: RuleState; tests: readonly ProvingTest[] }>;

export type RuleReport = Readonly<{
  rules: readonly RuleCoverage[];
  proved: number;
  /** rules that the catalogue calls built although no test names them */
  unproved: readonly string[];
  /** ids in test titles that the catalogue does not know */
  unknown: readonly string[];
}>;

/** Puts rules and tests together. */
export function reportOf(rules: readonly CatalogueRule[], tests: readonly ProvingTest[]): RuleReport {
  const covered = rules.map((rule): RuleCoverage => {
    const proving = tests.filter((test) => test.rules.includes(rule.id));
    return { ...rule, state: proving.length > 0 ? 'proved' : 'no test', tests: proving };
  });
  const known = new Set(rules.map(({ id }) => id));
  const named = new Set(tests.flatMap((test) => test.rules));
  return {
    rules: covered,
    proved: covered.filter(({ state }) => state === 'proved').length,
    unproved: covered
      .filter(({ stage, state }) => stage === 'built' && state === 'no test')
      .map(({ id }) => id),
    unknown: [...named].filter((id) => !known.has(id)).sort(),
  };
}

/** Draws the report as text, one rule a line and its tests below it. */
export function drawReport(report: RuleReport, { tests = true } = {}): string {
  const lines = report.rules.flatMap((rule) => [
    `${rule.id}  ${rule.state.padEnd(8)} ${rule.stage.padEnd(8)} ${shortened(rule.rule, 90)}`,
    ...(tests ? rule.tests.map(({ file, title }) => `          · ${file}: ${shortened(title, 100)}`) : []),
  ]);
  const summary = [`${report.proved} of ${report.rules.length} rules proved`];
  if (report.unproved.length > 0) summary.push(`built without a test: ${report.unproved.join(', ')}`);
  if (report.unknown.length > 0) summary.push(`named by tests, unknown here: ${report.unknown.join(', ')}`);
  return [...lines, '', ...summary].join('\n');
}

const shortened = (text: string, length: number) =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;
