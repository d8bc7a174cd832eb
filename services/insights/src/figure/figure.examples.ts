/** Examples for the API's documentation: one branch's March with one late ticket. */
const BRANCH = '0197a2c4-5d00-7000-8000-000000000002';
const FIGURES = {
  received: 3,
  closed: 2,
  cancelled: 0,
  open: 1,
  onTime: 1,
  closedLate: 1,
  openOverdue: 0,
  overdue: 1,
  withoutDeadline: 1,
  everClosed: 2,
  reopened: 1,
  callbacksDue: 2,
  calledBack: 1,
  late: 0,
};
const RATES = { callback: '0.5000', reopen: '0.5000' };

export const FIGURES_EXAMPLE = {
  asOf: '2026-04-01T00:00:00.000Z',
  generation: 1,
  by: ['branch', 'month'],
  rows: [
    {
      branchId: BRANCH,
      branchCode: 'EB1',
      branchName: '东区一分公司',
      categoryCode: null,
      channel: null,
      kind: null,
      month: '2026-03',
      closedAt: null,
      statement: null,
      figures: FIGURES,
      rates: RATES,
      records: `/api/v1/figures/tickets/records?asOf=2026-04-01T00%3A00%3A00.000Z&branchId=${BRANCH}&fromMonth=2026-03&toMonth=2026-03`,
    },
  ],
  total: FIGURES,
  rates: RATES,
};

export const RECORD_EXAMPLE = {
  ticketId: '0197a2c4-5d00-7000-8000-000000000008',
  branchId: BRANCH,
  number: 'EB1-T-2026-000001',
  kind: 'repair',
  channel: 'hotline',
  categoryCode: 'water-leak',
  source: null,
  externalId: null,
  receivedAt: '2026-03-02T01:00:00.000Z',
  dueAt: '2026-03-03T03:30:00.000Z',
  dueMissing: null,
  completedAt: '2026-03-03T04:00:00.000Z',
  cancelledAt: null,
  onTime: false,
};
