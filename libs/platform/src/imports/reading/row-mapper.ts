import { ImportFailure } from '../import-failure.js';
import { columnsOf, type FieldRule, type ImportMapping, type Scalar } from '../import-mapping.js';
import type { RowProblem } from '../import-kind.js';
import { compileField, type Field } from './field-rule.js';
import { looksLikeFormula } from './formula-text.js';
import type { ReadPlan } from './read-plan.js';
import { excerptOf, type SourceRow } from './source-row.js';

/** A row in our fields. With problems it goes no further; warnings are told of but do not stop it. */
export type MappedRow = Readonly<{
  rowNumber: number;
  branchCode: string | null;
  externalId: string | null;
  data: Readonly<Record<string, Scalar>>;
  problems: readonly RowProblem[];
  warnings: readonly RowProblem[];
  raw: string;
}>;

type Named = Readonly<{ name: string; read: Field }>;
type BranchRule = NonNullable<ImportMapping['branch']>;

const SHOWN_COLUMNS = 20;

/** Turns rows of one file into target fields. */
export class RowMapper {
  /** Columns of the file that nothing reads and the mapping does not ignore. */
  readonly unusedColumns: readonly string[];
  private readonly places: ReadonlyMap<string, number>;
  private readonly fields: readonly Named[];
  private readonly mapping: ImportMapping;
  private readonly names: readonly string[];

  /** Throws `ImportFailure` `import.missing-column` or `import.duplicate-column`: then nothing is imported. */
  constructor(
    private readonly header: readonly string[],
    plan: Pick<ReadPlan, 'mapping' | 'targets' | 'hasBranch'>,
  ) {
    this.mapping = plan.mapping ?? ownColumns(header, plan);
    const used = usedColumns(this.mapping);
    checkColumns(header, used, this.mapping);
    this.places = new Map(header.map((name, place) => [name, place]));
    const placeOf = (column: string): number => this.places.get(column) ?? -1;
    this.fields = Object.entries(this.mapping.fields).map(([name, rule]) => ({
      name,
      read: compileField(rule, placeOf),
    }));
    this.names = fieldNames(header, this.mapping);
    const known = new Set([...used, ...(this.mapping.ignore ?? [])]);
    this.unusedColumns = header.filter((name) => name !== '' && !known.has(name));
  }

  map(row: SourceRow): MappedRow {
    const { rowNumber } = row;
    if (!row.cells) return { ...NOTHING, rowNumber, problems: row.problems, raw: row.raw };
    const problems: RowProblem[] = [...(row.problems ?? [])];
    const data: Record<string, Scalar> = {};
    for (const { name, read } of this.fields) {
      const result = read(row.cells);
      if ('code' in result) problems.push({ field: name, ...result });
      else if (result.value !== undefined) data[name] = result.value;
    }
    const branchCode = this.branchCode(row.cells, problems);
    const externalId = this.externalId(row.cells, problems);
    const warnings = this.look(row.cells, problems);
    return { rowNumber, branchCode, externalId, data, problems, warnings, raw: excerptOf(row.cells) };
  }

  private cell(cells: readonly string[], column: string): string {
    return (cells[this.places.get(column) ?? -1] ?? '').trim();
  }

  private branchCode(cells: readonly string[], problems: RowProblem[]): string | null {
    const { branch } = this.mapping;
    const cell = branch?.column ? this.cell(cells, branch.column) : '';
    if (!branch || cell === '') return branch?.default ?? null;
    const code = codeOf(branch, cell);
    if (code === undefined) {
      const detail = `"${cell.slice(0, 60)}" of column ${branch.column} is not among the branches of the mapping.`;
      problems.push({ field: 'branch', code: 'import.unknown-value', detail });
    }
    return code ?? null;
  }

  private externalId(cells: readonly string[], problems: RowProblem[]): string | null {
    if (!this.mapping.externalId) return null;
    const id = this.cell(cells, this.mapping.externalId);
    if (id === '' || id.length > MAX_ID) {
      const detail = id === '' ? 'is blank' : `is longer than ${MAX_ID} characters`;
      problems.push({
        field: 'externalId',
        code: 'import.required',
        detail: `The id in column ${this.mapping.externalId} ${detail}.`,
      });
    }
    return id || null;
  }

  /** Texts that are kept as they are but deserve a look, and characters that cannot be stored. */
  private look(cells: readonly string[], problems: RowProblem[]): RowProblem[] {
    const warnings: RowProblem[] = [];
    for (const [i, cell] of cells.entries()) {
      const field = this.names[i] ?? null;
      if (cell.includes('\0')) {
        problems.push({ field, code: 'import.control-character', detail: 'The text holds a NUL character.' });
      }
      if (looksLikeFormula(cell)) {
        const detail = 'The text looks like a formula; it is kept as text and never evaluated.';
        warnings.push({ field, code: 'import.formula-text', detail });
      }
    }
    return warnings;
  }
}

const MAX_ID = 200;
const NOTHING = { branchCode: null, externalId: null, data: {}, warnings: [] };

function codeOf({ values, otherwise }: BranchRule, cell: string): string | undefined {
  if (!values) return cell;
  return Object.hasOwn(values, cell) ? values[cell] : otherwise;
}

/** Without a mapping, the columns that have the names of target fields are taken, `branch` and `externalId` as well. */
function ownColumns(header: readonly string[], plan: Pick<ReadPlan, 'targets' | 'hasBranch'>): ImportMapping {
  const taken = plan.targets.filter(({ name, required }) => required || header.includes(name));
  return {
    fields: Object.fromEntries(taken.map(({ name }): [string, FieldRule] => [name, { column: name }])),
    ...(header.includes('externalId') ? { externalId: 'externalId' } : {}),
    ...(plan.hasBranch && header.includes('branch') ? { branch: { column: 'branch' } } : {}),
  };
}

function usedColumns({ externalId, branch, fields }: ImportMapping): string[] {
  const named = [externalId, branch?.column].filter((name) => name !== undefined);
  return [...new Set([...named, ...Object.values(fields).flatMap(columnsOf)])];
}

function checkColumns(header: readonly string[], used: readonly string[], mapping: ImportMapping): void {
  const optional = new Set(
    Object.values(mapping.fields).flatMap((rule) =>
      'optional' in rule && rule.optional ? columnsOf(rule) : [],
    ),
  );
  const missing = used.filter((name) => !header.includes(name) && !optional.has(name));
  if (missing.length > 0) {
    throw new ImportFailure({
      code: 'import.missing-column',
      detail: `The file has no column ${missing.map((name) => `"${name}"`).join(', ')}. Nothing was imported.`,
      params: { missing, found: header.slice(0, SHOWN_COLUMNS) },
    });
  }
  const twice = used.filter((name) => header.indexOf(name) !== header.lastIndexOf(name));
  if (twice.length > 0) {
    throw new ImportFailure({
      code: 'import.duplicate-column',
      detail: `The file has more than one column ${twice.map((name) => `"${name}"`).join(', ')}. Nothing was imported.`,
      params: { columns: twice },
    });
  }
}

/** How a column is named to people: by the target field that alone reads it, else by its own name. */
function fieldNames(header: readonly string[], mapping: ImportMapping): string[] {
  const targets = new Map<string, string>();
  for (const [name, rule] of Object.entries(mapping.fields)) {
    for (const column of columnsOf(rule)) if (!targets.has(column)) targets.set(column, name);
  }
  return header.map((column) => targets.get(column) ?? column);
}
