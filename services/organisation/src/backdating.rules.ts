/** Clocks of callers may be this far behind ours before a date counts as past. */
const TOLERANCE_MS = 60_000;

/** Whether a date reaches back behind now: what was judged since then was judged by something else (POL-03). */
export function isBackdated(effectiveFrom: Date, now: Date): boolean {
  return effectiveFrom.getTime() < now.getTime() - TOLERANCE_MS;
}
