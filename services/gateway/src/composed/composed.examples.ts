const CUSTOMER = '0197a2c4-5d00-7000-8000-00000000000a';
const UNIT = '0197a2c4-5d00-7000-8000-00000000000e';
const BRANCH = '0197a2c4-5d00-7000-8000-000000000002';

const nothing = (href: string) => ({ state: 'ok', items: [], href: `/api/v1${href}`, more: null });
const page = (href: string, item: object, more: string | null = null) => ({
  ...nothing(href),
  items: [item],
  more: more && `/api/v1${href}${more}`,
});
const record = (value: object) => ({ state: 'ok', value });
const forbidden = { state: 'forbidden' };

const customer = {
  id: CUSTOMER,
  number: 'EB1-C-2026-000001',
  kind: 'person',
  name: '李建国',
  phones: ['***1234'],
};
const propertyUnit = { id: UNIT, branchId: BRANCH, code: '180#1-1-1', use: 'residential', area: '86.50' };
const occupancy = { propertyUnitId: UNIT, customerId: CUSTOMER, role: 'owner', from: '2026-03-01', to: null };
const ticket = { number: 'EB1-T-2026-000001', kind: 'repair', state: 'assigned', content: '厨房水管漏水' };
const account = {
  customerId: CUSTOMER,
  propertyUnitId: UNIT,
  balances: [
    {
      open: { amount: '120.50', currency: 'CNY' },
      credit: { amount: '0.00', currency: 'CNY' },
      balance: { amount: '120.50', currency: 'CNY' },
    },
  ],
};
const problem = {
  type: 'urn:steward:problem:gateway.timeout',
  title: 'Gateway Timeout',
  status: 504,
  code: 'gateway.timeout',
  detail: 'The service billing did not answer in time.',
  instance: '/api/v1/billing-accounts',
  correlationId: '0198c0de-7d2a-7a51-9d3c-2f1b6c0a9e11',
};

export const OVERVIEW_EXAMPLE = {
  customer: record(customer),
  contacts: nothing(`/customers/${CUSTOMER}/contacts?sort=-validFrom`),
  occupancies: page(`/occupancies?customerId=${CUSTOMER}`, occupancy),
  propertyUnits: page(`/property-units?ids=${UNIT}`, propertyUnit),
  tickets: page(`/tickets?customerId=${CUSTOMER}`, ticket, '&limit=20&after=WyIyMDI2Il0'),
  callbacks: nothing(`/callbacks?customerId=${CUSTOMER}&sort=-dueAt`),
  billingAccounts: page(`/billing-accounts?customerId=${CUSTOMER}`, account),
  openInvoices: nothing(`/invoices?customerId=${CUSTOMER}&open=true`),
  openCharges: nothing(`/charges?customerId=${CUSTOMER}&open=true`),
};

export const DOSSIER_EXAMPLE = {
  propertyUnit: record(propertyUnit),
  building: record({ code: '180', name: '滨江花园 180 栋', storeys: 18 }),
  occupancies: page(`/occupancies?propertyUnitId=${UNIT}`, occupancy),
  customers: page(`/customers?ids=${CUSTOMER}`, customer),
  meters: nothing(`/meters?propertyUnitId=${UNIT}`),
  tickets: page(`/tickets?propertyUnitId=${UNIT}`, ticket),
  billingAccounts: { state: 'unavailable', problem },
};

export const SEARCH_EXAMPLE = {
  customers: nothing('/customers?search=180%231-1-1'),
  tickets: nothing('/tickets?number=180%231-1-1'),
  propertyUnits: page('/property-units?code=180%231-1-1', propertyUnit),
  buildings: nothing('/buildings?code=180%231-1-1'),
  meters: nothing('/meters?serial=180%231-1-1'),
  invoices: forbidden,
  receipts: forbidden,
};
