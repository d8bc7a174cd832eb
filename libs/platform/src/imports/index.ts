export { csvCell, toCsv, type CsvOptions } from './csv-writer.js';
export { CHUNK_BYTES, DatabaseFiles, IMPORT_FILES, type ImportFiles } from './import-files.js';
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
export { ImportRunner } from './import-runner.js';
export { importMigrations } from './import-tables.migration.js';
export { ImportWork } from './import-work.js';
export { Imports } from './imports.service.js';
export { jobView, rowProblemView, type JobView, type RowProblemView } from './job-view.js';
export type { ByteSource } from './reading/byte-source.js';
export { slugOf } from './reading/field-rule.js';
