import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { canonicalJson } from '../audit/canonical-json.js';
import { inScope } from '../context.js';
import type { ImportJob } from './import-job.js';
import type { ImportBranch, ImportKind, RowProblem } from './import-kind.js';
import type { MappedRow } from './reading/row-mapper.js';

/** A row on its way into the database: whole, or with the problems that keep it out. */
export type BatchRow = Readonly<{
  row: MappedRow;
  problems: readonly RowProblem[];
  branchId: string | null;
  branchCode: string | null;
  /** Digest of the mapped content (hex SHA-256). */
  hash: string;
  data: unknown;
}>;

/** Checks rows against the kind's schema and the job's scope. */
export class RowChecks {
  private readonly branches = new Map<string, ImportBranch>();

  constructor(
    private readonly kind: ImportKind,
    private readonly job: ImportJob,
    private readonly findBranch: (code: string) => Promise<ImportBranch | undefined>,
  ) {}

  async check(rows: readonly MappedRow[]): Promise<BatchRow[]> {
    await this.learnBranches(rows);
    return rows.map((row) => this.checkRow(row));
  }

  private checkRow(row: MappedRow): BatchRow {
    const problems = [...row.problems];
    const branchCode = this.codeOf(row);
    const branch = branchCode === null ? undefined : this.branches.get(branchCode);
    const rejected = problems.length > 0;
    if (!rejected) problems.push(...this.branchProblems(branchCode, branch));
    const parsed = rejected ? undefined : this.kind.rowSchema.safeParse(row.data);
    if (parsed?.error) problems.push(...fieldProblems(parsed.error.issues, row));
    const hash = createHash('sha256').update(canonicalJson(row.data)).digest('hex');
    return {
      row,
      problems,
      branchId: branch?.branchId ?? null,
      branchCode: branch ? branchCode : null,
      hash,
      data: parsed?.data,
    };
  }

  private codeOf(row: MappedRow): string | null {
    return this.kind.branchField === null ? null : (row.branchCode ?? this.job.branch);
  }

  private branchProblems(code: string | null, branch: ImportBranch | undefined): RowProblem[] {
    if (this.kind.branchField === null) return [];
    if (code === null) {
      return [
        {
          field: 'branch',
          code: 'import.no-branch',
          detail: 'The row names no branch, and the import has no default branch.',
        },
      ];
    }
    // A branch out of scope must look like one that does not exist (ORG-01).
    if (branch && inScope(this.job.scope.write, { branchId: branch.branchId })) return [];
    return [unknownBranch(code)];
  }

  private async learnBranches(rows: readonly MappedRow[]): Promise<void> {
    const codes = new Set(rows.map((row) => this.codeOf(row)));
    for (const code of codes) {
      if (code === null || this.branches.has(code)) continue;
      const branch = await this.findBranch(code);
      if (branch) this.branches.set(code, branch);
    }
  }
}

/** What is said of a branch that does not exist or lies outside the scope. */
export const unknownBranch = (code: string): RowProblem => ({
  field: 'branch',
  code: 'import.unknown-branch',
  detail: `There is no branch "${code.slice(0, 60)}" in your scope.`,
});

function fieldProblems(issues: readonly z.core.$ZodIssue[], row: MappedRow): RowProblem[] {
  return issues.map((issue) => {
    const field = issue.path.length > 0 ? issue.path.map(String).join('.') : null;
    const missing = field !== null && row.data[String(issue.path[0])] === undefined;
    return missing
      ? { field, code: 'import.required', detail: 'The field is required.' }
      : { field, code: 'import.invalid-value', detail: issue.message };
  });
}
