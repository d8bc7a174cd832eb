// Proves that the lint rules on imports bite: each fixture must be refused by the rule that it names, and by no other.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { repository } from './lib/prepare.mjs';
import { makeProjectGraph } from './lib/project-graph.mjs';

const RULES = [
  '@nx/enforce-module-boundaries',
  'no-restricted-imports',
  'no-restricted-properties',
  'no-restricted-syntax',
];
const folder = join(repository, 'tools/boundaries');

await makeProjectGraph();
const require = createRequire(join(repository, 'package.json'));
const { ESLint } = require('eslint');
const tseslint = require('typescript-eslint');
// the fixtures are no files of any project, so rules that need types cannot look at them
const untyped = { files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked };
untyped.languageOptions = { parserOptions: { project: null, program: null, projectService: false } };
const eslint = new ESLint({ cwd: repository, overrideConfig: [untyped] });

const complaints = [];
let count = 0;
for (const name of readdirSync(folder).filter((file) => file.endsWith('.txt'))) {
  count += 1;
  const [, as, expected, code] = /^\/\/ as: (.+)\n\/\/ refused by: (.+)\n([^]*)$/.exec(
    readFileSync(join(folder, name), 'utf8'),
  );
  const [{ messages }] = await eslint.lintText(code, { filePath: join(repository, as) });
  const broken = messages.filter((message) => message.fatal);
  const found = [...new Set(messages.map(({ ruleId }) => ruleId).filter((rule) => RULES.includes(rule)))];
  const wanted = expected === 'nothing' ? [] : [expected];
  if (broken.length > 0) complaints.push(`${name}: ${broken[0].message}`);
  else if (found.join() !== wanted.join())
    complaints.push(`${name}: expected ${expected}, got ${found.join(', ') || 'nothing'}`);
}
for (const complaint of complaints) console.error(`✗ ${complaint}`);
console.log(`${count} boundary fixtures, ${complaints.length} not as they should be`);
process.exitCode = complaints.length > 0 || count === 0 ? 1 : 0;
