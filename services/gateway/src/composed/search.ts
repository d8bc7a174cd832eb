import type { Composition } from './composition.js';
import { addressOf, type Json, type ListPart, type Source } from './part.js';
import { refuseIfNothing } from './whole.rules.js';

/** Records of each kind that a search shows at most. */
export const FOUND = 5;

type Kind = (words: string) => Source;

const list =
  (service: Source['service'], path: string, filter: string): Kind =>
  (words) => ({ service, path, query: { [filter]: words } });

/** What is looked for, in the order in which it is shown. */
export const KINDS = {
  customers: list('accounts', '/customers', 'search'),
  tickets: list('tickets', '/tickets', 'number'),
  propertyUnits: list('premises', '/property-units', 'code'),
  buildings: list('premises', '/buildings', 'code'),
  meters: list('premises', '/meters', 'serial'),
  invoices: list('billing', '/invoices', 'number'),
  receipts: list('billing', '/receipts', 'number'),
} as const satisfies Readonly<Record<string, Kind>>;

/** Everything of the caller's scope that is called so. */
export async function search(composition: Composition, words: string): Promise<Json> {
  const kinds = Object.entries(KINDS).map(([name, kind]) => [name, kind(words)] as const);
  const found = await composition.lists(Object.fromEntries(kinds), FOUND);
  const groups = kinds.map(([name, source]) => [name, nothingIfNoSuch(found[name]!, source)] as const);
  refuseIfNothing(groups.map(([, part]) => part));
  return Object.fromEntries(groups);
}

/** A service that takes no such words for a number or code has nothing of that name. */
const nothingIfNoSuch = (part: ListPart, source: Source): ListPart =>
  part.state === 'unavailable' && part.problem.status === 400
    ? { state: 'ok', items: [], href: addressOf(source), more: null }
    : part;
