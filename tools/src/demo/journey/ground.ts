import type { Cast } from './cast.js';

/** Where the journey takes place, and for whom. */
export type Ground = Readonly<{
  branchId: string;
  siteId: string;
  engineerId: string;
  customerId: string;
  propertyUnitId: string;
  unitCode: string;
  phone: string;
}>;

type Unit = { id: string; code: string };
type Soon = <T>(work: () => Promise<T>) => Promise<T>;

const BRANCH = 'EB1';
const SITE = 'EB1-S1';
const ENGINEER = 'eb1.engineer';

/** Registers a customer, a building with one unit, and that the customer owns it. */
export async function prepared(cast: Cast, mark: string, soon: Soon): Promise<Ground> {
  const { clerk, headquarters } = cast;
  const units = new Map<string, string>();
  for await (const { id, code } of headquarters.list<Unit>('/units')) units.set(code, id);
  let engineerId = '';
  for await (const { id, subject } of headquarters.list<{ id: string; subject: string }>('/employees'))
    if (subject === ENGINEER) engineerId = id;
  const [branchId, siteId] = [units.get(BRANCH), units.get(SITE)];
  if (!branchId || !siteId || !engineerId)
    throw new Error('the journey takes place in the demo group, which was not loaded here');
  const phone = `139${String(parseInt(mark, 16) % 1e8).padStart(8, '0')}`;
  const customer = await soon(() =>
    clerk.post<{ id: string }>('/customers', {
      ...{ branchId, kind: 'person', name: '李建国', phones: [phone] },
      ...{ acceptDuplicates: true },
    }),
  );
  const code = `J${mark}`;
  await soon(() => clerk.post('/buildings', { siteId, code, name: `滨江花园 ${code} 栋` }));
  const unitCode = `${code}#1-2-1`;
  const unit = await clerk.post<{ id: string }>('/property-units', {
    ...{ siteId, code: unitCode, use: 'residential', area: '86.50' },
  });
  const from = new Date().toISOString().slice(0, 10);
  await soon(() =>
    clerk.post(`/property-units/${unit.id}/occupancies`, { customerId: customer.id, role: 'owner', from }),
  );
  return { branchId, siteId, engineerId, customerId: customer.id, propertyUnitId: unit.id, unitCode, phone };
}
