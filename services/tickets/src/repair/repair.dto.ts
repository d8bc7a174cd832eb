import { instant, reason, text } from '@steward/platform';
import { z } from 'zod';
import { price } from '../price-item/price-item.dto.js';
import { PAYMENTS } from '../ticket/ticket.rules.js';
import { LINE_KINDS, QUOTE_STATES } from './quote.rules.js';

const id = () => z.uuid();
const optional = <T extends z.ZodType>(schema: T) => schema.nullable().default(null);
const money = () => z.object({ amount: z.string(), currency: z.string() });

export const receiveSlipBody = z.strictObject({}).meta({ id: 'ReceiveSlip', examples: [{}] });

export const giveQuoteBody = z
  .strictObject({
    lines: z
      .array(
        z.strictObject({
          kind: z
            .enum(LINE_KINDS)
            .default('other')
            .describe('Of assessed work; the price list knows its own.'),
          itemCode: optional(z.string().max(100)).describe('An entry of the price list.'),
          description: text(500),
          quantity: z.string().regex(/^\d{1,9}(?:\.\d{1,6})?$/, 'is not a quantity such as 1.5'),
          unitPrice: optional(price()).describe('Only for work that is assessed case by case (TKT-41).'),
        }),
      )
      .min(1)
      .max(200),
    ownMaterials: z
      .array(
        z.strictObject({
          description: text(500),
          fit: z.boolean().describe('Whether engineering found it fit.'),
        }),
      )
      .max(50)
      .default([])
      .describe('Materials that the customer provides (TKT-43).'),
  })
  .meta({
    id: 'GiveQuote',
    examples: [
      {
        lines: [
          {
            kind: 'labour',
            description: 'Replace the tap',
            quantity: '1',
            unitPrice: { amount: '80.00', currency: 'CNY' },
          },
          {
            kind: 'material',
            description: 'Tap DN15',
            quantity: '1',
            unitPrice: { amount: '40.50', currency: 'CNY' },
          },
        ],
        ownMaterials: [{ description: 'Hose of the customer', fit: true }],
      },
    ],
  });
export type GiveQuoteBody = z.output<typeof giveQuoteBody>;

export const acceptQuoteBody = z
  .strictObject({
    note: optional(text(1000)).describe('How the customer agreed: by phone, signed on site …'),
  })
  .meta({ id: 'AcceptQuote', examples: [{ note: 'Agreed by phone.' }] });
export const declineQuoteBody = z
  .strictObject({ note: optional(text(1000)).describe('What the customer said.') })
  .meta({ id: 'DeclineQuote', examples: [{ note: 'Too expensive.' }] });
export type AnswerQuoteBody = z.output<typeof acceptQuoteBody>;

export const FREE_REASONS = ['in-warranty', 'goodwill'] as const;

export const signWorkBody = z
  .strictObject({
    signedBy: text(200).describe('Who signed: the customer, or somebody for him.'),
    tried: z.literal(true).describe('The customer tried it and found it working (TKT-44).'),
    free: optional(z.enum(FREE_REASONS)).describe('Why nothing is charged although a quote was accepted.'),
  })
  .meta({ id: 'SignWork', examples: [{ signedBy: '王晓梅', tried: true }] });
export type SignWorkBody = z.output<typeof signWorkBody>;

export const orderReworkBody = z
  .strictObject({ reason: reason() })
  .meta({ id: 'OrderRework', examples: [{ reason: 'It drips again.' }] });
export type OrderReworkBody = z.output<typeof orderReworkBody>;

const line = z.object({
  line: z.int(),
  kind: z.enum(LINE_KINDS),
  itemCode: z.string().nullable(),
  description: z.string(),
  quantity: z.string(),
  unitPrice: money(),
  amount: money(),
});

const QUOTE_EXAMPLE = {
  id: '0197a2c4-5d00-7000-8000-000000000011',
  state: 'accepted' as const,
  total: { amount: '120.50', currency: 'CNY' },
  lines: [
    {
      line: 1,
      kind: 'labour' as const,
      itemCode: 'tap-replace',
      description: 'Replace the tap',
      quantity: '1',
      unitPrice: { amount: '80.00', currency: 'CNY' },
      amount: { amount: '80.00', currency: 'CNY' },
    },
    {
      line: 2,
      kind: 'material' as const,
      itemCode: 'tap-dn15',
      description: 'Tap DN15',
      quantity: '1',
      unitPrice: { amount: '40.50', currency: 'CNY' },
      amount: { amount: '40.50', currency: 'CNY' },
    },
  ],
  ownMaterials: [],
  givenAt: '2026-03-02T01:30:00.000Z',
  givenBy: 'eb1.engineer',
  answeredAt: '2026-03-02T02:00:00.000Z',
  answeredBy: 'eb1.clerk',
  answerNote: 'Agreed by phone.',
  chargedAt: '2026-03-04T08:30:00.000Z',
};

const quoteDto = z.object({
  id: id(),
  state: z.enum(QUOTE_STATES),
  total: money(),
  lines: z.array(line),
  ownMaterials: z.array(z.object({ description: z.string(), fit: z.boolean() })),
  givenAt: instant(),
  givenBy: z.string(),
  answeredAt: instant().nullable(),
  answeredBy: z.string().nullable(),
  answerNote: z.string().nullable(),
  chargedAt: instant().nullable(),
});

export const repairDto = z
  .object({
    ticketId: id(),
    number: z.string(),
    slipReceivedAt: instant().nullable(),
    slipReceivedBy: id().nullable(),
    slipReceivedByName: z.string().nullable(),
    quotes: z.array(quoteDto),
    signedAt: instant().nullable(),
    signedBy: z.string().nullable(),
    reworkRounds: z.int(),
    payment: z.enum(PAYMENTS),
    charges: z.array(
      z.object({ chargeId: id(), amount: money(), open: money(), dueOn: z.iso.date().nullable() }),
    ),
  })
  .meta({
    id: 'Repair',
    examples: [
      {
        ticketId: '0197a2c4-5d00-7000-8000-000000000008',
        number: 'EB1-T-2026-000001',
        slipReceivedAt: '2026-03-02T01:10:00.000Z',
        slipReceivedBy: '0197a2c4-5d00-7000-8000-000000000005',
        slipReceivedByName: '赵工',
        quotes: [QUOTE_EXAMPLE],
        signedAt: '2026-03-04T08:30:00.000Z',
        signedBy: '王晓梅',
        reworkRounds: 0,
        payment: 'partly',
        charges: [
          {
            chargeId: '0197a2c4-5d00-7000-8000-000000000013',
            amount: { amount: '120.50', currency: 'CNY' },
            open: { amount: '60.50', currency: 'CNY' },
            dueOn: '2026-03-19',
          },
        ],
      },
    ],
  });
export type RepairDto = z.output<typeof repairDto>;
