import { Injectable } from '@nestjs/common';
import { newId } from '@steward/kernel';
import type { Tx } from '@steward/platform';
import type { FigureLine } from '../figure/figure.rules.js';
import type { KeptDimension } from './closing-statement.rules.js';
import type { MonthClosing } from './month-closing.repository.js';

/** Keeps the figures of closed months, outside of the builds of the read model; they are never changed. */
@Injectable()
export class ClosingStatementRepository {
  async keep(
    tx: Tx,
    { id, branchId, closedAt }: MonthClosing,
    lines: readonly (FigureLine<string> & Readonly<{ dimension: KeptDimension }>)[],
  ): Promise<void> {
    const rows = lines.map((line) => ({ ...line, id: newId(closedAt.getTime()) }));
    await tx.query(
      `insert into month_closing_figure (id, closing_id, branch_id, dimension, value, figures, digests)
       select r.id, $1, $2, r.dimension, r.value, r.figures, r.digests
       from jsonb_to_recordset($3::jsonb) as r(id uuid, dimension text, value text, figures jsonb, digests jsonb)`,
      [id, branchId, JSON.stringify(rows)],
    );
  }

  async kept<Name extends string>(
    tx: Tx,
    closingId: string,
    dimension: KeptDimension,
  ): Promise<FigureLine<Name>[]> {
    return tx.query<FigureLine<Name>>(
      'select value, figures, digests from month_closing_figure where closing_id = $1 and dimension = $2',
      [closingId, dimension],
    );
  }
}
