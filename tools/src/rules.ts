import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readCatalogue } from './rules/catalogue.js';
import { drawReport, reportOf } from './rules/coverage.js';
import { findProvingTests } from './rules/spec-titles.js';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const FOLDERS = ['libs', 'services', 'tools', 'e2e'];

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, brief: { type: 'boolean', default: false } },
});
const report = reportOf(readCatalogue(join(REPOSITORY, 'docs/rules')), findProvingTests(REPOSITORY, FOLDERS));
console.log(values.json ? JSON.stringify(report, null, 2) : drawReport(report, { tests: !values.brief }));
