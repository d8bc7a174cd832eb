import { createHash } from 'node:crypto';
import { slug, type BranchMapping } from './mapping.js';

/** The region and the branches that rows of a data folder belong to. */
export type BranchPlan = Readonly<{
  region: Readonly<{ code: string; name: string }>;
  /** name of each branch by its code */
  branches: ReadonlyMap<string, string>;
  /** the branch of a row by what the source calls its neighbourhood */
  codeOf: (neighbourhood: string) => string;
  /** the same for the importer */
  mapping: BranchMapping;
}>;

const DEFAULT_NAME = 'City of Boston (no neighbourhood)';
const REGION_NAME = 'Boston 311';
/** Codes stand in the numbers of forms, so they stay short of the longest number. */
const LONGEST = 48;

/** Branches of its own for one data folder, so that other data never counts in its figures. */
export function planForFolder(digest: string, neighbourhoods: Iterable<string>, column: string): BranchPlan {
  const mark = digest.slice(0, 6);
  const region = { code: `BOS-${mark}`, name: `${REGION_NAME} · ${mark}` };
  const fallback = `${region.code}-CITY`;
  const branches = new Map([[fallback, DEFAULT_NAME]]);
  const values: Record<string, string> = {};
  for (const name of [...new Set(neighbourhoods)].sort()) {
    const part = name === '' ? '' : shortened(slug(name));
    if (part === '') continue;
    const code = `${region.code}-${part}`;
    values[name] = code;
    if (!branches.has(code)) branches.set(code, name.slice(0, 200));
  }
  return planOf(region, branches, { column, values, otherwise: fallback, default: fallback });
}

/** The branches that the committed mapping names, for importing files without the oracle. */
export function planForMapping(mapping: BranchMapping): BranchPlan {
  const branches = new Map([[mapping.default, DEFAULT_NAME]]);
  for (const [name, code] of Object.entries(mapping.values))
    if (!branches.has(code)) branches.set(code, name);
  return planOf({ code: 'BOS', name: REGION_NAME }, branches, mapping);
}

function planOf(
  region: BranchPlan['region'],
  branches: ReadonlyMap<string, string>,
  mapping: BranchMapping,
): BranchPlan {
  const { values, otherwise, default: fallback } = mapping;
  const codeOf = (name: string): string => {
    if (name === '') return fallback;
    return Object.hasOwn(values, name) ? values[name]! : (otherwise ?? fallback);
  };
  return { region, branches, codeOf, mapping };
}

function shortened(text: string): string {
  if (text.length <= LONGEST) return text;
  const mark = createHash('sha256').update(text).digest('hex').slice(0, 6);
  return `${text.slice(0, LONGEST - 7).replace(/-$/, '')}-${mark}`;
}
