import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One rule of the trade as the catalogue in `docs/rules` tells it. */
export type CatalogueRule = Readonly<{ id: string; rule: string; stage: string; file: string }>;

const ROW = /^\|\s*([A-Z]{3}-\d{2})\s*\|\s*(.+?)\s*\|\s*([a-z]+)\s*\|$/;

/**
 * Reads every rule of the catalogue.
 * @throws Error when an id stands twice or a row with an id cannot be read
 */
export function readCatalogue(folder: string): CatalogueRule[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');
  const rules = files.sort().flatMap((name) => rulesOf(readFileSync(join(folder, name), 'utf8'), name));
  const seen = new Set<string>();
  for (const { id, file } of rules) {
    if (seen.has(id)) throw new Error(`${file}: ${id} stands in the catalogue twice`);
    seen.add(id);
  }
  return rules;
}

/** Reads the rules of one file: table rows of id, rule and stage. */
export function rulesOf(text: string, file: string): CatalogueRule[] {
  return text.split('\n').flatMap((line) => {
    if (!/^\|\s*[A-Z]{3}-\d{2}\s*\|/.test(line)) return [];
    const found = ROW.exec(line);
    if (!found) throw new Error(`${file}: cannot read the row ${line}`);
    const [, id = '', rule = '', stage = ''] = found;
    return [{ id, rule, stage, file }];
  });
}
