import type { Names } from './statement.repository.js';
import type { StatementDto } from './statement.dto.js';

/** Everything that a printed statement shows; plain values, so that it can go to another thread. */
export type StatementSheet = Readonly<{
  statement: StatementDto;
  names: Names;
  branch: string;
  /** An instant, ISO 8601. */
  printedAt: string;
}>;
