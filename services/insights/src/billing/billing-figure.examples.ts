/** Examples for the API's documentation: one branch's March, with a payment that was recorded after February was closed. */
const BRANCH = '0197a2c4-5d00-7000-8000-000000000002';
const cny = (amount: string) => ({ amount, currency: 'CNY' });

const FIGURES = {
  receivable: cny('120.50'),
  received: cny('60.00'),
  owed: cny('120.50'),
  collected: cny('60.00'),
  open: cny('60.50'),
  arrears: cny('60.50'),
  arrears0To30: cny('60.50'),
  arrears31To90: cny('0.00'),
  arrears91To180: cny('0.00'),
  arrears181To365: cny('0.00'),
  arrearsOver365: cny('0.00'),
  collectionRate: '0.4979',
};
const CORRECTIONS = { receivable: cny('0.00'), received: cny('30.00') };

export const BILLING_FIGURES_EXAMPLE = {
  asOf: '2026-04-01T00:00:00.000Z',
  generation: 1,
  by: ['branch' as const, 'month' as const],
  rows: [
    {
      branchId: BRANCH,
      branchCode: 'EB1',
      branchName: '东区一分公司',
      month: '2026-03',
      currency: 'CNY',
      closed: false,
      closedAt: null,
      statement: null,
      figures: FIGURES,
      corrections: CORRECTIONS,
      records: `/api/v1/figures/billing/records?asOf=2026-04-01T00%3A00%3A00.000Z&currency=CNY&branchId=${BRANCH}&fromMonth=2026-03&toMonth=2026-03`,
    },
  ],
  totals: [{ currency: 'CNY', figures: FIGURES, corrections: CORRECTIONS }],
};

export const BILLING_RECORD_EXAMPLE = {
  kind: 'payment' as const,
  recordId: '0197a2c4-5d00-7000-8000-000000000016',
  chargeId: null,
  accountId: '0197a2c4-5d00-7000-8000-000000000014',
  branchId: BRANCH,
  ticketId: null,
  number: 'EB1-R-2026-000001',
  about: 'wechat',
  amount: cny('60.00'),
  dueOn: null,
  statedOn: '2026-03-05',
  occurredAt: '2026-03-05T03:00:00.000Z',
  recordedAt: '2026-03-05T03:00:00.000Z',
  late: false,
};
