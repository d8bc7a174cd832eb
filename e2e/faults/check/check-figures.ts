import { ADMINISTRATOR } from '../load/headquarters.js';
import type { Commander } from '../load/commander.js';
import { compareByKey, type Checked, type Evidence } from './evidence.js';

type Figures = Readonly<{
  received: number;
  closed: number;
  cancelled: number;
  open: number;
  onTime: number;
}>;
type Row = { branch_id: string } & Figures;

const COUNTED = `
  select branch_id, count(*)::int received, count(completed_at)::int closed, count(cancelled_at)::int cancelled,
    count(*) filter (where completed_at is null and cancelled_at is null)::int open,
    count(*) filter (where completed_at is not null and on_time)::int as "onTime"
  from ticket group by branch_id`;

/** What headquarters reads of each branch equals what the owner's table counts. */
export async function checkFigures({ sql }: Evidence, commander: Commander): Promise<Checked> {
  const { body } = await commander.get<{ rows: { branchId: string; figures: Figures }[] }>(
    ADMINISTRATOR,
    '/figures/tickets?by=branch',
  );
  const counted = await sql<Row>('tickets', COUNTED);
  const should = new Map(counted.map((row) => [row.branch_id, shown(row)]));
  const is = new Map(body.rows.map(({ branchId, figures }) => [branchId, shown(figures)]));
  const findings = compareByKey(
    should,
    is,
    'figures of branch',
    '/api/v1/figures/tickets against steward_tickets',
  );
  return {
    name: "headquarters' figures",
    rows: counted.reduce((sum, row) => sum + row.received, 0),
    findings,
  };
}

const shown = ({ received, closed, cancelled, open, onTime }: Figures): string =>
  JSON.stringify({ received, closed, cancelled, open, onTime });
