// The kinds of value that may stand in an event. All are plain JSON: instants stay ISO strings, so that reading a
// message costs no object per field. Free text is not among them on purpose (see personal-values.ts).
import { z } from 'zod';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SLUG = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** Id of an aggregate or another record: a UUID in lower case, because keys are compared as text. */
export const id = () => z.string().regex(UUID).meta({ format: 'uuid' });

/** An instant in UTC, ISO 8601 with `Z`, e.g. `2026-03-01T02:30:00.000Z`. */
export const instant = () => z.iso.datetime();

/** A calendar day `YYYY-MM-DD`, without a zone. */
export const day = () => z.iso.date();

/** A word of an open list (`front-desk`). A new word is no break: consumers pass over a word they do not know. */
export const slug = () => z.string().max(100).regex(SLUG);

/** A running version or position, from 1. */
export const counter = () => z.int().min(1);

/** Code of a catalogue entry or unit as the branch writes it (`EB1`, `lift-trapped`). */
export const code = () => z.string().min(1).max(100);

/** Key of a policy (`tickets.sla.category.noise.resolve`). */
export const policyKeyField = () => z.string().min(1).max(300);

/** Name of a thing: a unit, a calendar, a category, a holiday; never of a person. */
export const thingName = () => z.string().min(1).max(200);

/** Identifier that another system gave (`101000295613`). */
export const externalId = () => z.string().min(1).max(200);

/** The token issuer's opaque identifier of a person (`sub`); an issuer that puts names or addresses there does not fit. */
export const subject = () => z.string().min(1).max(200);

/** Money as decimal text with its ISO 4217 currency, `{amount: "120.50", currency: "CNY"}`; may be negative. */
export const moneyField = () =>
  z.object({
    amount: z.string().regex(/^-?\d{1,20}(?:\.\d{1,4})?$/),
    currency: z.string().regex(/^[A-Z]{3}$/),
  });

/** An exact decimal quantity as text: m², m³, kWh, pieces. */
export const quantity = () => z.string().regex(/^-?\d{1,18}(?:\.\d{1,9})?$/);
