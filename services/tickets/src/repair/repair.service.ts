import { Injectable } from '@nestjs/common';
import { QuoteAccepted, QuoteDeclined, QuoteGiven, RepairSlipReceived, WorkSigned } from '@steward/contracts';
import { Directory } from '@steward/directory';
import { forbidden, moneyToJson, newId, parseMoney, toLocalDate } from '@steward/kernel';
import { rolesAt, type CallContext, type Tx } from '@steward/platform';
import { PriceItemRepository } from '../price-item/price-item.repository.js';
import { TicketActionService, type Change } from '../ticket/ticket-action.service.js';
import type { TicketDto } from '../ticket/ticket.dto.js';
import type { Ticket } from '../ticket/ticket.entity.js';
import { QuoteRepository, type StoredQuote } from './quote.repository.js';
import { chargeOf, priceQuote, type Quote } from './quote.rules.js';
import type { AnswerQuoteBody, GiveQuoteBody, OrderReworkBody, SignWorkBody } from './repair.dto.js';
import { customerMissing, FREE_ROLES } from './repair.rules.js';
import { ReworkService } from './rework.service.js';

/** A repair from the slip to the signature (TKT-40, 41, 43, 44, 49), beside the ticket's ordinary way. */
@Injectable()
export class RepairService {
  constructor(
    private readonly actions: TicketActionService,
    private readonly quotes: QuoteRepository,
    private readonly prices: PriceItemRepository,
    private readonly reworks: ReworkService,
    private readonly directory: Directory,
  ) {}

  /** TKT-40: somebody of engineering signs that the slip has come. */
  async receiveSlip(ctx: CallContext, id: string): Promise<TicketDto> {
    return this.actions.act(ctx, id, 'receive-slip', async () => {
      const employeeId = await this.directory.employeeIdOf(ctx.actor.id);
      if (!employeeId) throw forbidden('ticket.not-an-employee', 'Only an employee signs for a slip.');
      return {
        patch: { slipReceivedAt: ctx.now, slipReceivedBy: employeeId },
        definition: RepairSlipReceived,
        data: { employeeId, receivedAt: ctx.now.toISOString() },
      };
    });
  }

  /** TKT-43: a price before the work, by the list of the day; a quote that was not answered yet is replaced. */
  async quote(ctx: CallContext, id: string, body: GiveQuoteBody): Promise<TicketDto> {
    return this.actions.act(ctx, id, 'quote', async (ticket, tx) => {
      const quote = storedQuote(ctx, ticket, await this.price(tx, ctx, ticket, body), body);
      await this.quotes.give(tx, quote);
      return {
        patch: { quoteState: 'given' as const },
        definition: QuoteGiven,
        data: {
          quoteId: quote.id,
          total: totalOf(quote),
          lines: factsOf(quote),
          givenAt: ctx.now.toISOString(),
        },
      };
    });
  }

  /** TKT-43: the customer agrees to the price; the work may start. */
  async accept(ctx: CallContext, id: string, { note }: AnswerQuoteBody): Promise<TicketDto> {
    return this.actions.act(ctx, id, 'accept-quote', async (ticket, tx) => {
      const quoteId = await this.answer(tx, ctx, ticket, 'accepted', note);
      return {
        patch: { quoteState: 'accepted' as const },
        definition: QuoteAccepted,
        data: { quoteId, acceptedAt: ctx.now.toISOString() },
      };
    });
  }

  async decline(ctx: CallContext, id: string, { note }: AnswerQuoteBody): Promise<TicketDto> {
    return this.actions.act(ctx, id, 'decline-quote', async (ticket, tx) => {
      const quoteId = await this.answer(tx, ctx, ticket, 'declined', note);
      return {
        patch: { quoteState: 'declined' as const },
        definition: QuoteDeclined,
        data: { quoteId, declinedAt: ctx.now.toISOString() },
      };
    });
  }

  /** TKT-44: the customer has tried it and signs; what he agreed to pay goes to billing. */
  async sign(ctx: CallContext, id: string, { signedBy, free }: SignWorkBody): Promise<TicketDto> {
    return this.actions.act(ctx, id, 'sign', async (ticket, tx) => {
      const open = (await this.quotes.of(tx, ticket.id)).filter(({ chargedAt }) => chargedAt === null);
      const { reworkRounds } = ticket;
      const charged = ticket.chargedAt !== null;
      const owed = chargeOf(open, { free: false, reworkRounds, charged });
      if (owed && free) checkMayWaive(ctx, ticket);
      const charge = free ? null : owed;
      if (charge && !ticket.customerId) throw customerMissing();
      if (charge) await this.quotes.charge(tx, charge.id, ctx.now);
      return signedChange(ctx, ticket, signedBy, charge, free);
    });
  }

  /** TKT-49: not satisfied, so it is done again. */
  async rework(ctx: CallContext, id: string, { reason }: OrderReworkBody): Promise<TicketDto> {
    return this.actions.act(ctx, id, 'rework', (ticket) => this.reworks.change(ctx, ticket, reason));
  }

  private async price(tx: Tx, ctx: CallContext, ticket: Ticket, { lines }: GiveQuoteBody): Promise<Quote> {
    const branch = await this.directory.branch(ticket.branchId);
    const day = toLocalDate(ctx.now, branch?.timeZone ?? 'UTC');
    const codes = [...new Set(lines.flatMap(({ itemCode }) => itemCode ?? []))];
    const list = await this.prices.validOn(tx, ticket.branchId, codes, day);
    return priceQuote(
      lines.map((line) => ({ ...line, unitPrice: line.unitPrice && parseMoney(line.unitPrice) })),
      list.map((item) => ({ ...item, unitPrice: parseMoney(item.unitPrice) })),
      day,
    );
  }

  private answer(
    tx: Tx,
    ctx: CallContext,
    ticket: Ticket,
    state: 'accepted' | 'declined',
    note: string | null,
  ): Promise<string> {
    return this.quotes.answer(tx, ticket.id, { state, at: ctx.now, by: ctx.actor.id, note });
  }
}

function signedChange(
  ctx: CallContext,
  ticket: Ticket,
  signedBy: string,
  charge: StoredQuote | null,
  free: string | null,
): Change {
  const { number, siteId, customerId, propertyUnitId } = ticket;
  return {
    patch: { signedAt: ctx.now, signedBy, chargedAt: charge ? ctx.now : ticket.chargedAt },
    definition: WorkSigned,
    data: {
      ...{ number, siteId, customerId, propertyUnitId },
      signedAt: ctx.now.toISOString(),
      charge: charge && { quoteId: charge.id, total: totalOf(charge), lines: factsOf(charge) },
    },
    reason: free ?? undefined,
    personal: ['signedBy'],
  };
}

/** TKT-43: a price that was agreed on is waived by who answers for it, not by who did the work. */
function checkMayWaive(ctx: CallContext, ticket: Ticket): void {
  if (!rolesAt(ctx, ticket).some((role) => FREE_ROLES.includes(role)))
    throw forbidden(
      'ticket.may-not-waive',
      `Only these may let agreed work go free: ${FREE_ROLES.join(', ')}.`,
    );
}

function storedQuote(ctx: CallContext, ticket: Ticket, quote: Quote, body: GiveQuoteBody): StoredQuote {
  return {
    id: newId(ctx.now.getTime()),
    branchId: ticket.branchId,
    siteId: ticket.siteId,
    ticketId: ticket.id,
    state: 'given',
    totalMinor: String(quote.total.minor),
    currency: quote.total.currency,
    lines: quote.lines,
    ownMaterials: body.ownMaterials,
    givenAt: ctx.now,
    givenBy: ctx.actor.id,
    answeredAt: null,
    answeredBy: null,
    answerNote: null,
    chargedAt: null,
  };
}

export const totalOf = ({ totalMinor, currency }: StoredQuote) =>
  moneyToJson({ minor: BigInt(totalMinor), currency });

/** The lines as facts: what was written about the work stays in the service. */
const factsOf = ({ lines }: StoredQuote) => lines.map(({ description: _description, ...line }) => line);
