import { Injectable } from '@nestjs/common';
import { Directory } from '@steward/directory';
import { moneyToJson } from '@steward/kernel';
import { Database, rolesAt, type CallContext } from '@steward/platform';
import { TicketChargeRepository } from '../payment/ticket-charge.repository.js';
import { ticketNotFound } from '../ticket/ticket.errors.js';
import { TicketRepository } from '../ticket/ticket.repository.js';
import { mayKnowPerson } from '../ticket/ticket.rules.js';
import { QuoteRepository, type StoredQuote } from './quote.repository.js';
import type { RepairDto } from './repair.dto.js';
import { totalOf } from './repair.service.js';

/** Reads what a ticket has as a repair: slip, quotes, signature, charges. */
@Injectable()
export class RepairQueryService {
  constructor(
    private readonly database: Database,
    private readonly tickets: TicketRepository,
    private readonly quotes: QuoteRepository,
    private readonly charges: TicketChargeRepository,
    private readonly directory: Directory,
  ) {}

  async get(ctx: CallContext, id: string): Promise<RepairDto> {
    const { ticket, quotes, charges } = await this.database.read(ctx.scope, async (tx) => ({
      ticket: await this.tickets.find(tx, id),
      quotes: await this.quotes.of(tx, id),
      charges: await this.charges.of(tx, id),
    }));
    if (!ticket) throw ticketNotFound();
    const by = ticket.slipReceivedBy;
    const names = await this.directory.personNames(by ? [by] : []);
    const personal = mayKnowPerson(rolesAt(ctx, ticket)) ? asIs : masked;
    return {
      ticketId: ticket.id,
      number: ticket.number,
      slipReceivedAt: iso(ticket.slipReceivedAt),
      slipReceivedBy: by,
      slipReceivedByName: names.get(by ?? '') ?? null,
      quotes: quotes.map((quote) => quoteItem(quote, personal)),
      signedAt: iso(ticket.signedAt),
      signedBy: personal(ticket.signedBy),
      reworkRounds: ticket.reworkRounds,
      payment: ticket.payment,
      charges: charges.map(({ chargeId, amount, open, dueOn }) => ({
        chargeId,
        amount: moneyToJson(amount),
        open: moneyToJson(open),
        dueOn,
      })),
    };
  }
}

const iso = (at: Date | null): string | null => at && at.toISOString();
const asIs = (value: string | null): string | null => value;
const masked = (value: string | null): string | null => value && '***';

const quoteItem = (
  quote: StoredQuote,
  personal: (value: string | null) => string | null,
): RepairDto['quotes'][number] => ({
  id: quote.id,
  state: quote.state,
  total: totalOf(quote),
  lines: [...quote.lines],
  ownMaterials: [...quote.ownMaterials],
  givenAt: quote.givenAt.toISOString(),
  givenBy: quote.givenBy,
  answeredAt: iso(quote.answeredAt),
  answeredBy: quote.answeredBy,
  answerNote: personal(quote.answerNote),
  chargedAt: iso(quote.chargedAt),
});
