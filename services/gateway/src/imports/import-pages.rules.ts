/** Where each service's list goes on; null when it has ended. */
export type Positions = Readonly<Record<string, string | null>>;

export type ImportItem = Readonly<Record<string, unknown>>;

/** A page that one service gave, or null when it did not answer. */
export type ServicePage = Readonly<{ items: readonly ImportItem[]; next: string | null }>;

/** The cursor of the composed list; it keeps nothing secret, each part is checked by the service that made it. */
export function encodePositions(positions: Positions): string {
  return Buffer.from(JSON.stringify(positions)).toString('base64url');
}

/** Characters of the composed list's cursor, at most. */
export const MAX_CURSOR = 8000;

/** The positions of a cursor, or undefined for a text that is none. */
export function decodePositions(text: string, services: readonly string[]): Positions | undefined {
  if (text.length > MAX_CURSOR) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    // what is no object has no services for keys, or throws
    const entries = Object.entries(value as Record<string, unknown>);
    const good = entries.every(
      ([name, at]) => services.includes(name) && (at === null || typeof at === 'string'),
    );
    return good && entries.length > 0 ? (Object.fromEntries(entries) as Positions) : undefined;
  } catch {
    return undefined;
  }
}

const timeOf = ({ createdAt }: ImportItem): string => (typeof createdAt === 'string' ? createdAt : '');

/**
 * The newest `limit` items of several lists that are each ordered newest first, and how many each list gave. Equal
 * times keep the order of the lists.
 */
export function newestFirst(
  pages: Readonly<Record<string, ServicePage>>,
  limit: number,
): Readonly<{ items: ImportItem[]; taken: Readonly<Record<string, number>> }> {
  const taken: Record<string, number> = Object.fromEntries(Object.keys(pages).map((name) => [name, 0]));
  const items: ImportItem[] = [];
  while (items.length < limit) {
    const heads = Object.entries(pages)
      .map(([name, page]) => ({ name, item: page.items[taken[name]!] }))
      .filter((head): head is { name: string; item: ImportItem } => head.item !== undefined);
    if (heads.length === 0) break;
    const newest = heads.reduce((best, head) => (timeOf(head.item) > timeOf(best.item) ? head : best));
    items.push(newest.item);
    taken[newest.name]! += 1;
  }
  return { items, taken };
}
