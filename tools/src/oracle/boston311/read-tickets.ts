import type { GatewayClient } from '../gateway-client.js';

/** A ticket as the branch's own service gives it, as far as the oracle looks at it. */
export type ReadTicket = Readonly<{
  branch: string;
  externalId: string;
  category: string | null;
  channel: string;
  receivedAt: string;
  completedAt: string | null;
  cancelledAt: string | null;
  dueAt: string | null;
  /** the parameter that is not set, when there is no deadline */
  missing: string | null;
  onTime: boolean | null;
}>;

type TicketAnswer = Readonly<{
  externalId: string | null;
  categoryCode: string | null;
  channel: string;
  receivedAt: string;
  completedAt: string | null;
  cancelledAt: string | null;
  onTime: boolean | null;
  deadline: Readonly<{ dueAt: string | null; missing: string | null }>;
}>;

/** One ticket is known by its branch and its id in the source. */
export const ticketKey = (branch: string, externalId: string): string => `${branch} ${externalId}`;

/** Reads all tickets of the source in these branches back through the gateway. */
export async function readTickets(
  api: GatewayClient,
  branchIds: ReadonlyMap<string, string>,
  source: string,
): Promise<Map<string, ReadTicket>> {
  const tickets = new Map<string, ReadTicket>();
  for (const [branch, branchId] of branchIds) {
    const query = { branchId, source, sort: 'receivedAt' };
    for await (const { deadline, externalId, categoryCode, ...ticket } of api.list<TicketAnswer>(
      '/tickets',
      query,
    )) {
      const { channel, receivedAt, completedAt, cancelledAt, onTime } = ticket;
      const id = externalId ?? '';
      tickets.set(ticketKey(branch, id), {
        ...{ branch, externalId: id, category: categoryCode, channel },
        ...{ receivedAt, completedAt, cancelledAt, onTime },
        ...deadline,
      });
    }
  }
  return tickets;
}
