/** What a service answers behind the door. */
type Answered = Readonly<{
  /** first path segments under `/api/v1` */
  collections: readonly string[];
  /** kinds of import */
  imports: readonly string[];
}>;

/** The services that answer requests of the API. Addresses of their own come from the variables `<NAME>_URL`. */
export const API = {
  organisation: {
    collections: ['units', 'employees', 'grants', 'calendars', 'policies', 'me'],
    imports: ['units', 'employees', 'policies'],
  },
  accounts: { collections: ['customers', 'customer-merges'], imports: ['customers'] },
  premises: {
    collections: ['buildings', 'property-units', 'occupancies', 'meters'],
    imports: ['buildings', 'property-units', 'meters', 'occupancies'],
  },
  tickets: { collections: ['tickets', 'categories', 'price-items', 'callbacks'], imports: ['tickets'] },
  billing: {
    collections: [
      'billing-accounts',
      'charges',
      'invoices',
      'credit-notes',
      'ledger',
      'fee-items',
      'tariffs',
      'readings',
      'billing-runs',
      'shared-costs',
      'payments',
      'receipts',
      'cash-handovers',
      'arrears',
    ],
    imports: ['readings', 'interval-readings', 'debts', 'payments'],
  },
  insights: { collections: ['figures', 'month-closings'], imports: [] },
  partners: {
    collections: ['partner-grants', 'subscriptions', 'partner-events', 'event-types'],
    imports: [],
  },
} as const satisfies Record<string, Answered>;

export type ApiService = keyof typeof API;
export const API_SERVICES = Object.keys(API) as readonly ApiService[];

/** The services behind the door; `identity` answers nothing through it, only its state is shown. */
export type ServiceName = ApiService | 'identity';
export const SERVICES: readonly ServiceName[] = [...API_SERVICES, 'identity'];

/** Which service answers each name of a list, such as the collections. */
export const answeredBy = (list: keyof Answered): Readonly<Record<string, ApiService>> =>
  Object.fromEntries(API_SERVICES.flatMap((service) => API[service][list].map((name) => [name, service])));
