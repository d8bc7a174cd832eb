import type { Composition } from './composition.js';
import type { Json } from './part.js';
import { whole } from './whole.rules.js';

/** The customer with what every service has of it (customer 360). */
export async function customerOverview(composition: Composition, customerId: string): Promise<Json> {
  const customer = composition.record({ service: 'accounts', path: `/customers/${customerId}` });
  const of = { customerId };
  const lists = composition.lists({
    contacts: {
      service: 'accounts',
      path: `/customers/${customerId}/contacts`,
      query: { sort: '-validFrom' },
    },
    tickets: { service: 'tickets', path: '/tickets', query: of },
    callbacks: { service: 'tickets', path: '/callbacks', query: { ...of, sort: '-dueAt' } },
    billingAccounts: { service: 'billing', path: '/billing-accounts', query: of },
    openInvoices: { service: 'billing', path: '/invoices', query: { ...of, open: 'true' } },
    openCharges: { service: 'billing', path: '/charges', query: { ...of, open: 'true' } },
  });
  const lived = composition
    .list({ service: 'premises', path: '/occupancies', query: of })
    .then(async (occupancies) => {
      const units = { service: 'premises', path: '/property-units' } as const;
      return { occupancies, propertyUnits: await composition.namedIn(occupancies, 'propertyUnitId', units) };
    });
  return whole('customer', customer, async () => ({ ...(await lists), ...(await lived) }));
}
