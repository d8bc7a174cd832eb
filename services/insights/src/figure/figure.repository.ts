import { Injectable } from '@nestjs/common';
import { keyset, pageOf, type KeyedRow, type Page, type Tx } from '@steward/platform';
import { talliedFigures } from '../tally/tallied-figures.rules.js';
import { CALLED, conditions, dimensionsOf, measureAt, type Selection } from './figure-conditions.rules.js';
import type { RecordDto, RecordsQuery } from './figure.dto.js';
import { MEASURE_NAMES, type Dimension, type FigureLine, type Measure } from './figure.rules.js';

/** Counts of one group. A dimension that was not asked for is absent; null stands for tickets without a category. */
export type FigureRow = Readonly<Record<Measure, string> & Partial<Record<Dimension, string | null>>>;

const RECORD = `f.ticket_id "ticketId", f.branch_id "branchId", f.number, f.kind, f.channel, f.category_code "categoryCode",
  f.source, f.external_id "externalId", f.received_at "receivedAt", f.due_at "dueAt", f.due_missing "dueMissing",
  f.completed_at "completedAt", f.cancelled_at "cancelledAt", f.on_time "onTime"`;

// Naming the branches lets the index do the work; row-level security still decides what is seen.
const FROM = `from unnest($2::uuid[], $3::text[]) b(id, zone) join ticket_fact f on f.generation = $1 and f.branch_id = b.id
  left join (select ticket_id, ${CALLED} from callback_fact
    where generation = $1 and branch_id = any($2::uuid[]) group by ticket_id) k on k.ticket_id = f.ticket_id`;
const DIMENSION = dimensionsOf('b.zone');
const measure = (name: Measure): string => measureAt(name, '$4::timestamptz');
const counted = (name: Measure): string => `'${name}', (count(*) filter (where ${measure(name)}))::text`;
const digest = (name: Measure): string =>
  `'${name}', md5(string_agg(f.ticket_id::text, ',' order by f.ticket_id) filter (where ${measure(name)}))`;

/** The SQL of figures: one set of conditions for counting and for opening. */
@Injectable()
export class FigureRepository {
  /** The figures, from tallies where there are; the months are those in which tickets count. */
  async figures(
    tx: Tx,
    selection: Omit<Selection, 'happened'>,
    by: readonly Dimension[],
  ): Promise<FigureRow[]> {
    const { text, values } = talliedFigures(selection, by);
    return tx.query<FigureRow>(text, values);
  }

  /** The figures counted from facts alone, in total or by one dimension, each with a digest of its tickets. */
  async lines(tx: Tx, selection: Selection, by?: Dimension): Promise<FigureLine<Measure>[]> {
    const { facts, values } = conditions(selection);
    return tx.query<FigureLine<Measure>>(
      `select ${by ? DIMENSION[by] : 'null::text'} as value, jsonb_build_object(${MEASURE_NAMES.map(counted).join(', ')}) as figures,
         jsonb_build_object(${MEASURE_NAMES.map(digest).join(', ')}) as digests
       ${FROM} where ${facts.join(' and ')} ${by ? 'group by 1' : ''} order by 1 nulls first`,
      values,
    );
  }

  async records(tx: Tx, selection: Selection, name: Measure, query: RecordsQuery): Promise<Page<RecordDto>> {
    const { facts, values } = conditions(selection);
    const columns = { receivedAt: { column: 'f.counted_at', type: 'timestamptz' } } as const;
    const page = keyset(query, columns, { id: 'f.ticket_id', firstParameter: values.length + 1 });
    const rows = await tx.query<Record<string, unknown> & KeyedRow>(
      `select ${RECORD}, ${page.select} ${FROM} where ${[...facts, `(${measure(name)})`, page.where].join(' and ')}
       order by ${page.orderBy} limit ${page.limit}`,
      [...values, ...page.values],
    );
    return pageOf(
      rows,
      query,
      ({ cursor_key: _key, cursor_id: _id, ...record }) => record as unknown as RecordDto,
    );
  }
}
