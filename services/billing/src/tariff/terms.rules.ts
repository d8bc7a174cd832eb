import { compareQuantity, currencyDigits, unprocessable } from '@steward/kernel';
import { isMeasured, type FeeItemKind } from '../fee-item/fee-item.rules.js';
import { OTHER_BAND, type BandSpan } from '../reading/interval-series.rules.js';
import type { Terms } from './tariff.rules.js';

/** Terms as they are published: time of use also says which times of the day are which band. */
export type PublishedTerms =
  | Exclude<Terms, { method: 'time-of-use' }>
  | (Extract<Terms, { method: 'time-of-use' }> & Readonly<{ spans: readonly BandSpan[] }>);

/**
 * BIL-01, BIL-02: what the shape of the terms alone does not tell. @throws DomainError `money.unknown-currency`,
 * `tariff.tiers-order`, `tariff.bands-unpriced`, `tariff.limits-order`, `tariff.method-unfit` (of the item's kind).
 */
export function checkTerms(terms: PublishedTerms, kind: FeeItemKind): void {
  currencyDigits(terms.currency);
  if (terms.minimum !== undefined && terms.cap !== undefined && compareQuantity(terms.minimum, terms.cap) > 0)
    throw refused('limits-order', 'The minimum is above the cap.');
  if (terms.method === 'tiered') checkTiers(terms.tiers);
  if (terms.method === 'time-of-use') checkBands(terms);
  const measures = ['per-meter-unit', 'tiered', 'time-of-use'].includes(terms.method);
  const fits =
    kind === 'shared'
      ? false
      : isMeasured(kind)
        ? measures && (terms.method === 'time-of-use') === (kind === 'interval')
        : !measures;
  if (!fits) throw refused('method-unfit', `A ${kind} item is not priced by ${terms.method}.`);
}

function checkTiers(tiers: readonly { upTo: string | null }[]): void {
  let below = '0';
  for (const [index, { upTo }] of tiers.entries()) {
    const last = index === tiers.length - 1;
    if (last !== (upTo === null) || (upTo !== null && compareQuantity(upTo, below) <= 0))
      throw refused('tiers-order', 'Tiers rise, and the last one alone has no end.');
    below = upTo ?? below;
  }
}

function checkBands({ bands, spans }: Extract<PublishedTerms, { method: 'time-of-use' }>): void {
  const priced = new Set(bands.map(({ band }) => band));
  const named = [...spans.map(({ band }) => band), OTHER_BAND];
  const missing = named.filter((band) => !priced.has(band) && (band !== OTHER_BAND || !coversDay(spans)));
  if (priced.size !== bands.length || missing.length > 0 || spans.some(({ from, to }) => from >= to))
    throw refused(
      'bands-unpriced',
      'Each band of the day has one price, and each span ends after it begins.',
    );
}

/** Whether spans without weekdays leave no time of the day over. */
function coversDay(spans: readonly BandSpan[]): boolean {
  let reached = '00:00';
  for (const { from, to, weekdays } of [...spans].sort((a, b) => (a.from < b.from ? -1 : 1)))
    if (weekdays === undefined && from <= reached && to > reached) reached = to;
  return reached === '24:00';
}

const refused = (code: string, detail: string) => unprocessable(`tariff.${code}`, detail);
