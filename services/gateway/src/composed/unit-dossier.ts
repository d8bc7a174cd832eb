import type { Composition } from './composition.js';
import type { Json, RecordAnswer, RecordPart } from './part.js';
import { whole } from './whole.rules.js';

/** The property unit with what every service has of it. */
export async function unitDossier(composition: Composition, propertyUnitId: string): Promise<Json> {
  const unit = composition.record({ service: 'premises', path: `/property-units/${propertyUnitId}` });
  const of = { propertyUnitId };
  const lists = composition.lists({
    meters: { service: 'premises', path: '/meters', query: of },
    tickets: { service: 'tickets', path: '/tickets', query: of },
    billingAccounts: { service: 'billing', path: '/billing-accounts', query: of },
  });
  const lived = composition
    .list({ service: 'premises', path: '/occupancies', query: of })
    .then(async (occupancies) => {
      const people = { service: 'accounts', path: '/customers' } as const;
      return { occupancies, customers: await composition.namedIn(occupancies, 'customerId', people) };
    });
  const building = unit.then((answer) => buildingOf(composition, answer));
  return whole('propertyUnit', unit, async () => ({
    building: await building,
    ...(await lived),
    ...(await lists),
  }));
}

async function buildingOf(composition: Composition, { part }: RecordAnswer): Promise<RecordPart> {
  if (part.state !== 'ok') return part;
  const path = `/buildings/${encodeURIComponent(String(part.value.buildingId))}`;
  return (await composition.record({ service: 'premises', path })).part;
}
