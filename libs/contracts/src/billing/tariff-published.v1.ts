import { z } from 'zod';
import { type DataOf, defineEvent } from '../definition.js';
import { code, day, id, slug } from '../fields.js';

export const TariffPublished = defineEvent({
  context: 'billing',
  name: 'tariff-published',
  version: 1,
  aggregate: 'tariff',
  scope: 'branch',
  title: 'Tariff published',
  description:
    'The price of a fee item from a day on, with the document of the price authority (BIL-01, BIL-02).',
  schema: z.object({
    tariffId: id(),
    feeItemId: id(),
    feeItemCode: code(),
    siteId: id().nullable(),
    use: slug().nullable(),
    method: slug(),
    validFrom: day(),
    validTo: day().nullable(),
    document: code(),
  }),
  sample: {
    tariffId: '0197a2c4-5d00-7000-8000-000000000018',
    feeItemId: '0197a2c4-5d00-7000-8000-000000000019',
    feeItemCode: 'management',
    siteId: null,
    use: 'residential',
    method: 'per-area',
    validFrom: '2026-01-01',
    validTo: null,
    document: '沪价费〔2025〕12号',
  },
});
export type TariffPublished = DataOf<typeof TariffPublished>;
