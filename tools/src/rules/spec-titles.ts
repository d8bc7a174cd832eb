import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** A test that names rules in its title. */
export type ProvingTest = Readonly<{ file: string; title: string; rules: readonly string[] }>;

const SKIPPED = new Set(['node_modules', 'dist', 'var', '.git', '.nx']);
const TEST_FUNCTIONS = ['describe', 'it', 'test'];
/** A test that does not run proves nothing. */
const NOT_RUN = ['skip', 'todo'];
const RULE_ID = /\b([A-Z]{3}-\d{2})\b/g;

/** Finds every test below `folders` whose own title, or that of a group around it, names a rule. */
export function findProvingTests(repository: string, folders: readonly string[]): ProvingTest[] {
  return folders
    .flatMap((folder) => specsUnder(join(repository, folder)))
    .flatMap((file) => titlesOf(readFileSync(file, 'utf8'), relative(repository, file)));
}

/** Reads the titles of one spec. A title of a group stands for the tests in it, so it counts like one. */
export function titlesOf(text: string, file: string): ProvingTest[] {
  const found: ProvingTest[] = [];
  const visit = (node: ts.Node): void => {
    const title = ts.isCallExpression(node) ? titleOf(node) : undefined;
    const rules = title === undefined ? [] : idsIn(title);
    if (title !== undefined && rules.length > 0) found.push({ file, title, rules });
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
  return found;
}

/** The title of `it('…')`, `it.each(…)('…')`, `describe('…')`; what is put into a template is left out. */
function titleOf(call: ts.CallExpression): string | undefined {
  const [first] = call.arguments;
  const names = namesOf(call.expression);
  if (!first || !TEST_FUNCTIONS.includes(names[0] ?? '') || names.some((name) => NOT_RUN.includes(name)))
    return undefined;
  if (ts.isStringLiteralLike(first)) return first.text;
  if (!ts.isTemplateExpression(first)) return undefined;
  return [first.head.text, ...first.templateSpans.map((span) => span.literal.text)].join('…');
}

/** `it.only.each(rows)` → it, only, each. */
function namesOf(callee: ts.Expression): string[] {
  if (ts.isIdentifier(callee)) return [callee.text];
  if (ts.isPropertyAccessExpression(callee)) return [...namesOf(callee.expression), callee.name.text];
  if (ts.isCallExpression(callee)) return namesOf(callee.expression);
  return ts.isTaggedTemplateExpression(callee) ? namesOf(callee.tag) : [];
}

/** The ids in a title; `TKT-01, 02` and `POL-01..05` name several. */
export function idsIn(title: string): string[] {
  const ids = [...title.matchAll(RULE_ID)].map(([id]) => id);
  for (const [, context, first, last] of title.matchAll(
    /\b([A-Z]{3})-(\d{2})\s*(?:\.\.|…|–)\s*(?:\1-)?(\d{2})\b/g,
  )) {
    for (let number = Number(first) + 1; number <= Number(last); number += 1)
      ids.push(idOf(context!, number));
  }
  for (const [, context, more] of title.matchAll(/\b([A-Z]{3})-\d{2}((?:,\s*\d{2}\b)+)/g)) {
    for (const number of more!.matchAll(/\d{2}/g)) ids.push(idOf(context!, Number(number[0])));
  }
  return [...new Set(ids)];
}

const idOf = (context: string, number: number) => `${context}-${String(number).padStart(2, '0')}`;

function specsUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : specsUnder(join(folder, entry.name));
    return entry.name.endsWith('.spec.ts') ? [join(folder, entry.name)] : [];
  });
}
