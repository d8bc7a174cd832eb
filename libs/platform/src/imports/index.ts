export { CHUNK_BYTES, IMPORT_FILES, type ImportFiles } from './import-files.js';
export {
  BRANCH_LOOKUP,
  IMPORT_KINDS,
  IMPORT_LIMITS,
  type BranchLookup,
  type ImportBranch,
  type ImportJobContext,
  type ImportKind,
  type ImportLimits,
  type ImportMode,
  type ImportRow,
  type KnownRecord,
  type RowOutcome,
  type RowProblem,
} from './import-kind.js';
export { ImportModule, type ImportModuleOptions } from './import.module.js';
export { importMapping, type ImportMapping } from './import-mapping.js';
export { importMigrations } from './import-tables.migration.js';
export type { JobView, RowProblemView } from './job-view.js';
export type { ByteSource } from './reading/byte-source.js';
export { slugOf } from './reading/field-rule.js';
