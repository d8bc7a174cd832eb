import { fromLocalTime } from '@steward/kernel';

/** The instant of a local time as the source writes it, a date alone is its midnight; null for a blank text and for one that is no time. */
export function localInstant(text: string, timeZone: string): Date | null {
  if (text === '') return null;
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return localInstant(`${text}T00:00`, timeZone);
  try {
    return fromLocalTime(text, timeZone);
  } catch {
    return null;
  }
}
